// SPDX-License-Identifier: Apache-2.0
#include "collector/core/recheck.h"

namespace assay::collector {

CheckedUnit Recheck::check(const ProbeRef& probe, const UnitResult& result) {
  const BookEntry* entry = book_.find(probe);
  if (result.runs == 0) return {Check::kNothing, {}};
  if (entry == nullptr || entry->goldens.empty()) return {Check::kNoGolden, {}};
  if (result.outcome == Outcome::kInconclusive) return {Check::kNothing, {}};
  if (result.set_count == 0 || result.first_set >= entry->operand_sets) return {Check::kUnchecked, {}};

  const Work work{probe, result.first_set, result.set_count, result.runs};
  auto known = folds_.find(work);
  if (known == folds_.end()) {
    if (result.runs > runs_left_) return {Check::kUnchecked, {}};
    runs_left_ -= result.runs;
    RunFold fold;
    for (uint32_t run = 0; run < result.runs; ++run) {
      const uint32_t set = operand_set_of_run(result, run, entry->operand_sets);
      fold.add(set, entry->goldens[set]);
    }
    known = folds_.emplace(work, fold.value()).first;
  }

  const bool claims_match = result.outcome == Outcome::kMatch && result.mismatches == 0;
  const bool is_golden = result.fold == known->second;
  if (claims_match == is_golden) return {Check::kAgreed, known->second};
  if (!book_.intact(probe)) return {Check::kUnchecked, {}};  // our own table is the one that changed
  return {claims_match ? Check::kBlind : Check::kContradiction, known->second};
}

}  // namespace assay::collector
