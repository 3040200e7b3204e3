// SPDX-License-Identifier: Apache-2.0
#include "probes/runner/self_test.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <functional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "common/base/log.h"
#include "probes/backend/device/backend_library.h"
#include "probes/backend/host/frame.h"
#include "probes/catalogue/catalogue.h"
#include "probes/goldens/golden_set.h"
#include "probes/runner/device_responder.h"
#include "probes/runner/exit_codes.h"
#include "probes/runner/inventory.h"

namespace assay::probes {
namespace {

constexpr std::chrono::seconds kTimePerProbe{20};

RunRequest make_request(const ProbeSpec& spec, const Device& device, const GoldenSet& goldens) {
  RunRequest request;
  request.id = 1;
  request.probe = spec.ref;
  request.cpus = device.units;
  for (uint32_t unit = 0; unit < device.units.size(); ++unit) request.work.push_back({unit, has_golden(spec.tier) ? unit % spec.operand_sets : 0});
  request.max_runs = 1;
  request.budget = kTimePerProbe;
  if (const GoldenTable* table = goldens.find(spec.ref)) {
    request.goldens = table->digests;
    request.golden_hash = table->hash;
  }
  return request;
}

struct Tally {
  uint32_t matches = 0;
  uint32_t mismatches = 0;
  uint32_t inconclusive = 0;
  uint32_t unvoted = 0;       // among them: of a probe without golden, of which too few units ran to compare them
  std::string reasons;
};

Tally count(const ProbeSpec& spec, const RunResult& result) {
  Tally tally;
  for (const UnitRun& unit : result.units) {
    if (unit.result.outcome == Outcome::kMatch) ++tally.matches;
    if (unit.result.outcome == Outcome::kMismatch) ++tally.mismatches;
    if (unit.result.outcome != Outcome::kInconclusive) continue;
    ++tally.inconclusive;
    if (!has_golden(spec.tier) && unit.result.reason == Inconclusive::kNoGolden && !could_vote(result)) ++tally.unvoted;
    const std::string reason = fmt::format(" {}", to_string(unit.result.reason));
    if (tally.reasons.find(reason) == std::string::npos) tally.reasons += reason;
  }
  return tally;
}

std::string_view word_of(const Tally& tally) {
  if (tally.mismatches > 0) return "MISMATCH";
  if (tally.inconclusive == 0) return "match";
  return tally.unvoted == tally.inconclusive ? "no vote" : "inconclusive";
}

void print_line(const ProbeSpec& spec, const Device& device, const RunResult& result, const Tally& tally) {
  const std::string_view word = word_of(tally);
  const std::string line = fmt::format("{:<24} {:<8} {:<24} {:<12} match={} mismatch={} inconclusive={}{}  {}{}{}\n", to_string(spec.ref),
                                       result.variant, device.id, word, tally.matches, tally.mismatches, tally.inconclusive, tally.reasons,
                                       format_span(result.took), result.detail.empty() ? "" : "  ", result.detail);
  std::fputs(line.c_str(), stdout);
  std::fflush(stdout);
}

// Runs one request, whatever it is run by.
using RunOne = std::function<RunResult(const RunRequest&)>;

// Every probe that the device offers; an exit code. A device that offers none, as one that is taken, is not fine.
int test_device(const Device& device, const std::vector<ProbeVariant>& variants, const GoldenSet& goldens, const RunOne& run) {
  int code = kExitFine;
  bool ran = false;
  for (const ProbeSpec& spec : all_probes()) {
    const auto is_here = [&](const ProbeVariant& one) { return one.device == device.id && one.probe == spec.ref.id; };
    if (std::none_of(variants.begin(), variants.end(), is_here)) continue;
    const RunResult result = run(make_request(spec, device, goldens));
    const Tally tally = count(spec, result);
    ran = true;
    print_line(spec, device, result, tally);
    if (tally.mismatches > 0) code = kExitFinding;
    if (tally.inconclusive > tally.unvoted && code == kExitFine) code = kExitUnsure;
  }
  if (ran) return code;
  log::error("self-test: {}: it offers no probe, so nothing is known of it: see --list", device.id);
  return kExitUnsure;
}

// A finding weighs more than what could not be told.
int worse_of(int a, int b) { return a == kExitFinding || b == kExitFinding ? kExitFinding : std::max(a, b); }

}  // namespace

int run_self_test(const RunnerOptions& options) {
  const auto goldens = GoldenSet::load(options.goldens);
  if (!goldens) {
    log::error("self-test: {}", goldens.error().message);
    return kExitUnavailable;
  }
  const auto inventory = take_inventory(options);
  if (!inventory) {
    log::error("self-test: {}: {}", options.backend, inventory.error().message);
    return kExitUnavailable;
  }
  std::vector<ProbeVariant> offered = inventory->variants;
  if (options.backend != device::kHostBackend) std::erase_if(offered, [](const ProbeVariant& one) { return !one.runs(); });
  if (!inventory->remark.empty()) log::info("self-test: {}: {}", options.backend, inventory->remark);
  host::FrameOptions frame_options;
  frame_options.allow_injection = options.allow_injection;
  frame_options.idle_priority = options.idle_priority;
  frame_options.fs_root = FsRoot(options.fs_root);
  const host::Frame frame(host::built_in_kernels(), frame_options);
  const std::atomic<bool> never{false};
  int code = inventory->devices.empty() ? kExitUnsure : kExitFine;
  for (const Device& device : inventory->devices) {
    RunnerOptions of_device = options;
    of_device.device = device.id;
    DeviceResponder accelerator(of_device, -1);
    const bool on_host = options.backend == device::kHostBackend;
    const RunOne run = [&](const RunRequest& request) { return on_host ? frame.run(request, never) : accelerator.run(request, never); };
    code = worse_of(code, test_device(device, offered, *goldens, run));
  }
  return code;
}

}  // namespace assay::probes
