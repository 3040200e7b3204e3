// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/device/device_frame.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "common/base/check.h"
#include "probes/backend/device/device_slice.h"
#include "probes/backend/refusal.h"
#include "probes/catalogue/catalogue.h"
#include "probes/goldens/golden_set.h"

namespace assay::probes::device {
namespace {

// The strongest offer, or the one of that variant.
const Offer* choose(const std::vector<Offer>& offers, const std::string& probe, const std::string& variant) {
  for (const Offer& offer : offers) {
    if (offer.probe == probe && offer.missing.empty() && (variant.empty() || offer.variant == variant)) return &offer;
  }
  return nullptr;
}

Refusal no_offer(const std::vector<Offer>& offers, const RunRequest& request) {
  for (const Offer& offer : offers) {
    if (offer.probe == request.probe.id && !offer.missing.empty()) {
      return {Inconclusive::kUnsupported, fmt::format("{}: {}", to_string(request.probe), offer.missing)};
    }
  }
  return {Inconclusive::kUnsupported, fmt::format("{}: this device or its backend has no {} variant", to_string(request.probe),
                                                  request.variant.empty() ? "usable" : request.variant)};
}

std::optional<Refusal> check_device(const RunRequest& request, const Device& device) {
  if (request.replay) return Refusal{Inconclusive::kUnsupported, fmt::format("{}: replays run on cpus", to_string(request.probe))};
  if (request.cpus != device.units) {
    return Refusal{Inconclusive::kUnsupported, fmt::format("{}: the request speaks of {} units, the device has {}: discover it again", device.id,
                                                           request.cpus.size(), device.units.size())};
  }
  return std::nullopt;
}

void withdraw_all(std::vector<UnitRun>& units, Outcome said, Inconclusive reason) {
  for (UnitRun& unit : units) {
    if (unit.result.outcome != said) continue;
    withdraw(unit, reason);
    unit.result.records.clear();
  }
}

}  // namespace

Inconclusive reason_of(const Error& error) {
  switch (error.code) {
    case ErrorCode::kUnavailable: return Inconclusive::kCrash;
    case ErrorCode::kLimit: return Inconclusive::kNoMemory;
    case ErrorCode::kConflict: return Inconclusive::kStopped;
    case ErrorCode::kTimeout: return Inconclusive::kHang;
    case ErrorCode::kNotFound:
    case ErrorCode::kUnsupported: return Inconclusive::kUnsupported;
    default: return Inconclusive::kRunnerError;
  }
}

DeviceFrame::DeviceFrame(Accelerator& accelerator, ExpectedWords& expected, DeviceFrameOptions options)
    : accelerator_(accelerator),
      expected_(expected),
      options_(options),
      offers_(accelerator.offers()),
      operand_cache_(options.cache_bytes),
      expected_cache_(options.cache_bytes) {}

RunResult DeviceFrame::run(const RunRequest& request, const std::atomic<bool>& stop) {
  const MonoTime start = BootClock::now();
  const Digest asked = digest_bytes(encode(request));
  ASSAY_CHECK(!request.work.empty() && request.set_count > 0);
  for (const UnitWork& work : request.work) ASSAY_CHECK(work.unit < request.cpus.size());
  if (const auto refusal = check_device(request, accelerator_.device())) return refused(request, *refusal);
  const ProbeSpec* spec = find_probe(request.probe.id);
  const auto injection = injection_of(request);
  if (const auto refusal = check_probe(request, spec)) return refused(request, *refusal);
  if (const auto refusal = check_injection(request, injection, options_.allow_injection)) return refused(request, *refusal);
  const Offer* offer = choose(offers_, request.probe.id, request.variant);
  if (offer == nullptr) return refused(request, no_offer(offers_, request));

  RunResult result;
  result.id = request.id;
  result.variant = offer->variant;
  result.synthetic = request.synthetic;
  DeviceSlice slice(*this, {request, *spec, *offer, injection, stop, start});
  slice.compute();
  if (!has_golden(spec->tier)) slice.vote();
  if (slice.accuses()) {
    // Nothing is accused with a golden that has changed since it was loaded.
    result.golden_rehash_ok = request.goldens.empty() || hash_of(request.goldens) == request.golden_hash;
    if (result.golden_rehash_ok) slice.find_records();
  }
  result.units = slice.conclude(result.detail);
  if (!result.golden_rehash_ok) {
    withdraw_all(result.units, Outcome::kMismatch, Inconclusive::kGoldenCorrupt);
    result.detail = "the goldens changed in memory while the probe ran";
  }
  // Nothing passes that was asked for by a request which has changed since: nobody asked for that.
  if (digest_bytes(encode(request)) != asked) {
    withdraw_all(result.units, Outcome::kMatch, Inconclusive::kRunnerError);
    result.detail = "the request changed in memory while the probe ran";
  }
  result.took = BootClock::now() - start;
  return result;
}

}  // namespace assay::probes::device
