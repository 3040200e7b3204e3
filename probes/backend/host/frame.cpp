// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/frame.h"

#include <algorithm>
#include <functional>
#include <system_error>
#include <thread>
#include <vector>

#include <fmt/format.h>

#include "common/base/check.h"
#include "probes/backend/host/diagnosis.h"
#include "probes/backend/host/memory_check.h"
#include "probes/backend/host/slice.h"
#include "probes/backend/host/unit_loop.h"
#include "probes/backend/planted_fault.h"
#include "probes/backend/refusal.h"
#include "probes/goldens/golden_set.h"

namespace assay::probes::host {
namespace {

// Outputs kept for a possible diagnosis: of one unit, and of all units of a request together.
constexpr uint64_t kCaptureBytesPerUnit = 8 * 1024 * 1024;
constexpr uint64_t kCaptureBytesPerRequest = 256 * 1024 * 1024;

// One thread a unit, all at once; results in the order of the work.
std::vector<UnitOutcome> run_units(const Slice& slice) {
  std::vector<UnitOutcome> outcomes(slice.request.work.size());
  std::vector<std::thread> threads;
  threads.reserve(outcomes.size());
  for (size_t i = 0; i < outcomes.size(); ++i) {
    try {
      threads.emplace_back([&slice, &outcomes, i] { outcomes[i] = run_unit(slice, i); });
    } catch (const std::system_error& problem) {
      UnitResult& result = outcomes[i].run.result;
      result.unit = slice.request.work[i].unit;
      result.first_set = slice.request.work[i].first_set;
      result.set_count = slice.request.set_count;
      result.reason = Inconclusive::kNoMemory;
      outcomes[i].detail = fmt::format("unit {}: no thread: {}", result.unit, problem.code().message());
    }
  }
  for (std::thread& thread : threads) thread.join();
  return outcomes;
}

// Takes back what was said of the units with that outcome.
void withdraw_all(std::vector<UnitOutcome>& outcomes, Outcome said, Inconclusive reason, const char* why) {
  for (UnitOutcome& outcome : outcomes) {
    if (outcome.run.result.outcome != said) continue;
    withdraw(outcome.run, reason);
    outcome.detail = why;
    outcome.failure.reset();
  }
}

void record_mismatches(Slice slice, Duration diagnosis_time, std::vector<UnitOutcome>& outcomes) {
  std::vector<uint32_t> suspects;
  for (const UnitOutcome& outcome : outcomes) {
    if (outcome.failure) suspects.push_back(slice.request.cpus[outcome.run.result.unit]);
  }
  slice.deadline = BootClock::now() + diagnosis_time;
  for (UnitOutcome& outcome : outcomes) {
    if (outcome.failure) outcome.run.result.records = diagnose(slice, *outcome.failure, outcome.run.result.unit, suspects);
  }
}

}  // namespace

// Where memory is short, what is kept from earlier runs goes first.
bool Frame::has_memory_for(uint64_t bytes) const {
  if (memory_suffices(options_.fs_root, bytes)) return true;
  arena_.release();
  return memory_suffices(options_.fs_root, bytes);
}

RunResult Frame::run(const RunRequest& request, const std::atomic<bool>& stop) const {
  const MonoTime start = BootClock::now();
  const Digest asked = digest_bytes(encode(request));
  ASSAY_CHECK(!request.work.empty() && request.set_count > 0);
  for (const UnitWork& work : request.work) ASSAY_CHECK(work.unit < request.cpus.size());
  const ProbeSpec* spec = kernels_.spec(request.probe.id);
  const auto injection = injection_of(request);
  if (const auto refusal = check_probe(request, spec)) return refused(request, *refusal);
  if (const auto refusal = check_injection(request, injection, options_.allow_injection)) return refused(request, *refusal);
  const auto choice = kernels_.choose(request.probe.id, request.variant);
  if (!choice) {
    return refused(request, {Inconclusive::kUnsupported,
                             fmt::format("{}: this cpu or build has no {} variant", to_string(request.probe),
                                         request.variant.empty() ? "usable" : request.variant)});
  }
  if (request.cpus.size() < choice->cpus_needed) {
    return refused(request, {Inconclusive::kUnsupported, fmt::format("{}: works between {} cpus, the device has {}", to_string(request.probe),
                                                                     choice->cpus_needed, request.cpus.size())});
  }
  const uint64_t capture = std::min(kCaptureBytesPerUnit, kCaptureBytesPerRequest / request.work.size());
  const uint64_t needed = request.work.size() * (spec->memory_bytes + capture);
  if (!has_memory_for(needed)) {
    return refused(request, {Inconclusive::kNoMemory, fmt::format("{}: {} bytes are not available", to_string(request.probe), needed)});
  }

  const Slice slice{request, *spec, *choice, stop, start + request.budget, options_.idle_priority, capture, injection,
                    reach_of(request.synthetic), options_.stop_descriptor, options_.longest_rest, &arena_, start};
  std::vector<UnitOutcome> outcomes = run_units(slice);

  RunResult result;
  result.id = request.id;
  result.variant = choice->variant;
  result.synthetic = request.synthetic;
  const bool accused = std::any_of(outcomes.begin(), outcomes.end(), [](const UnitOutcome& outcome) { return outcome.failure.has_value(); });
  if (accused) {
    result.golden_rehash_ok = hash_of(request.goldens) == request.golden_hash;
    // Nothing is accused with a golden that has changed since it was loaded.
    if (!result.golden_rehash_ok) {
      withdraw_all(outcomes, Outcome::kMismatch, Inconclusive::kGoldenCorrupt, "the goldens changed in memory while the probe ran");
    }
    record_mismatches(slice, options_.diagnosis_time, outcomes);
  }
  // Nothing passes that was asked for by a request which has changed since: nobody asked for that.
  if (digest_bytes(encode(request)) != asked) {
    withdraw_all(outcomes, Outcome::kMatch, Inconclusive::kRunnerError, "the request changed in memory while the probe ran");
  }
  for (UnitOutcome& outcome : outcomes) {
    if (result.detail.empty()) result.detail = std::move(outcome.detail);
    result.units.push_back(std::move(outcome.run));
  }
  if (result.detail.empty()) result.detail = std::move(outcomes.front().remark);
  result.took = BootClock::now() - start;
  return result;
}

}  // namespace assay::probes::host
