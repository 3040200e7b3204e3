// SPDX-License-Identifier: Apache-2.0
#include "probes/runner/self_test.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <string>

#include <fmt/format.h>

#include "common/base/log.h"
#include "probes/backend/host/discovery.h"
#include "probes/backend/host/frame.h"
#include "probes/catalogue/catalogue.h"
#include "probes/goldens/golden_set.h"
#include "probes/runner/exit_codes.h"

namespace assay::probes {
namespace {

constexpr std::chrono::seconds kTimePerProbe{20};

RunRequest make_request(const ProbeSpec& spec, const Device& device, const GoldenSet& goldens) {
  RunRequest request;
  request.id = 1;
  request.probe = spec.ref;
  request.cpus = device.units;
  for (uint32_t unit = 0; unit < device.units.size(); ++unit) request.work.push_back({unit, unit % spec.operand_sets});
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
  std::string reasons;
};

Tally count(const RunResult& result) {
  Tally tally;
  for (const UnitRun& unit : result.units) {
    if (unit.result.outcome == Outcome::kMatch) ++tally.matches;
    if (unit.result.outcome == Outcome::kMismatch) ++tally.mismatches;
    if (unit.result.outcome != Outcome::kInconclusive) continue;
    ++tally.inconclusive;
    const std::string reason = fmt::format(" {}", to_string(unit.result.reason));
    if (tally.reasons.find(reason) == std::string::npos) tally.reasons += reason;
  }
  return tally;
}

void print_line(const ProbeSpec& spec, const Device& device, const RunResult& result, const Tally& tally) {
  const std::string_view word = tally.mismatches > 0 ? "MISMATCH" : tally.inconclusive > 0 ? "inconclusive" : "match";
  const std::string line = fmt::format("{:<24} {:<8} {:<24} {:<12} match={} mismatch={} inconclusive={}{}  {}{}{}\n", to_string(spec.ref),
                                       result.variant, device.id, word, tally.matches, tally.mismatches, tally.inconclusive, tally.reasons,
                                       format_span(result.took), result.detail.empty() ? "" : "  ", result.detail);
  std::fputs(line.c_str(), stdout);
  std::fflush(stdout);
}

}  // namespace

int run_self_test(const RunnerOptions& options) {
  const auto goldens = GoldenSet::load(options.goldens);
  if (!goldens) {
    log::error("self-test: {}", goldens.error().message);
    return kExitUnavailable;
  }
  const auto devices = host::discover_host(FsRoot(options.fs_root), {options.node, options.synthetic_identity});
  host::FrameOptions frame_options;
  frame_options.allow_injection = options.allow_injection;
  frame_options.idle_priority = options.idle_priority;
  frame_options.fs_root = FsRoot(options.fs_root);
  const host::Frame frame(host::built_in_kernels(), frame_options);
  const std::atomic<bool> never{false};
  int code = devices.empty() ? kExitUnsure : kExitFine;
  for (const ProbeSpec& spec : catalogue()) {
    for (const Device& device : devices) {
      const RunResult result = frame.run(make_request(spec, device, *goldens), never);
      const Tally tally = count(result);
      print_line(spec, device, result, tally);
      if (tally.mismatches > 0) code = kExitFinding;
      if (tally.inconclusive > 0 && code == kExitFine) code = kExitUnsure;
    }
  }
  return code;
}

}  // namespace assay::probes
