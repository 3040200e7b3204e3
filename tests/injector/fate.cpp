// SPDX-License-Identifier: Apache-2.0
#include "tests/injector/fate.h"

#include <array>

#include <fmt/format.h>

namespace assay::injector {

std::string_view to_string(Fate fate) {
  constexpr std::array<std::string_view, 7> kNames = {"mismatch", "inconclusive", "nonsense", "crashed", "hung", "masked", "UNDETECTED"};
  static_assert(kNames.size() == static_cast<size_t>(kLastFate) + 1);
  return kNames[static_cast<size_t>(fate)];
}

std::string flaw_of_match(const probes::RunRequest& request, uint32_t operand_sets, const probes::RunResult& result) {
  if (result.id != request.id) return fmt::format("answers request {}, not {}", result.id, request.id);
  if (!request.variant.empty() && result.variant != request.variant) return fmt::format("variant {}", result.variant);
  if (result.synthetic != request.synthetic) return fmt::format("marked {}", to_string(result.synthetic));
  if (result.units.size() != request.work.size()) return fmt::format("{} units", result.units.size());
  for (size_t i = 0; i < result.units.size(); ++i) {
    const UnitResult& unit = result.units[i].result;
    if (unit.unit != request.work[i].unit || unit.first_set != request.work[i].first_set || unit.set_count != request.set_count) {
      return fmt::format("unit {}, sets {}+{}", unit.unit, unit.first_set, unit.set_count);
    }
    const auto& digests = result.units[i].digests;
    if (digests.size() != unit.runs) return fmt::format("{} digests of {} runs", digests.size(), unit.runs);
    RunFold fold;
    for (uint32_t run = 0; run < unit.runs; ++run) {
      const uint32_t set = operand_set_of_run(unit, run, operand_sets);
      const Digest& golden = request.goldens.at(set);
      if (digests[run] != golden) return fmt::format("run {}: digest {}, golden {}", run, to_hex(digests[run]), to_hex(golden));
      fold.add(set, golden);
    }
    if (fold.value() != unit.fold) return fmt::format("fold {}, of the goldens {}", to_hex(unit.fold), to_hex(fold.value()));
  }
  return "";
}

Judgement judge(const probes::RunRequest& request, uint32_t operand_sets, const Ending& ending) {
  if (!ending.frame) return {ending.ended ? Fate::kCrashed : Fate::kHung, ""};
  const auto result = probes::decode_result(*ending.frame);
  if (!result) return {Fate::kNonsense, result.error().message};
  bool mismatch = false;
  bool match = !result->units.empty();
  std::string reason;
  for (const probes::UnitRun& unit : result->units) {
    mismatch = mismatch || unit.result.outcome == Outcome::kMismatch;
    match = match && unit.result.outcome == Outcome::kMatch;
    if (unit.result.outcome == Outcome::kInconclusive) reason = to_string(unit.result.reason);
  }
  if (mismatch) return {Fate::kMismatch, ""};
  if (!match) return {Fate::kInconclusive, reason};
  std::string flaw = flaw_of_match(request, operand_sets, *result);
  return {flaw.empty() ? Fate::kMasked : Fate::kUndetected, std::move(flaw)};
}

}  // namespace assay::injector
