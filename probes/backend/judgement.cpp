// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/judgement.h"

#include <algorithm>
#include <utility>

namespace assay::probes {

UnitJudgement::UnitJudgement(const RunRequest& request, size_t index, uint32_t operand_sets)
    : request_(request), index_(index), operand_sets_(operand_sets) {
  unit_.result.unit = request.work[index].unit;
  unit_.result.first_set = request.work[index].first_set;
  unit_.result.set_count = request.set_count;
}

const Digest* UnitJudgement::right_one(uint32_t set) const {
  if (set < request_.goldens.size()) return &request_.goldens[set];
  const auto agreed = agreed_.find(set);
  return agreed == agreed_.end() ? nullptr : &agreed->second;
}

bool UnitJudgement::take(const Digest& actual, Comparator comparator) {
  const uint32_t run = runs();
  const uint32_t set = set_of_run(run);
  fold_.add(set, actual);
  ++unit_.result.runs;
  if (request_.report_digests && unit_.digests.size() < digests_kept(request_.work.size())) unit_.digests.push_back(actual);
  const Digest* expected = right_one(set);
  if (expected == nullptr) {
    all_compared_ = false;
    return true;
  }
  if (actual == *expected || comparator == Comparator::kBlind) return true;
  ++unit_.result.mismatches;
  if (!difference_) difference_ = Difference{run, set, *expected, actual};
  return false;
}

void UnitJudgement::settle(const UnitBallot& ballot, AgreedDigests agreed) {
  agreed_ = std::move(agreed);
  all_compared_ = ballot.is_whole();
  for (const auto& [key, kind] : ballot.kinds()) {
    const auto& [set, actual] = key;
    const Digest* expected = right_one(set);
    if (expected == nullptr) {
      all_compared_ = false;
    } else if (actual != *expected) {
      unit_.result.mismatches += kind.runs;
      if (!difference_ || kind.first_run < difference_->run) difference_ = Difference{kind.first_run, set, *expected, actual};
    }
  }
}

void UnitJudgement::decide(RunEnd end) {
  UnitResult& result = unit_.result;
  result.outcome = Outcome::kInconclusive;
  if (result.mismatches > 0) {
    result.outcome = Outcome::kMismatch;
    result.reason = Inconclusive::kNone;
  } else if (end == RunEnd::kNotExecuted) {
    result.reason = Inconclusive::kNotExecuted;
  } else if (end == RunEnd::kMigrated) {
    result.reason = Inconclusive::kMigrated;
  } else if (result.runs == 0) {
    result.reason = end == RunEnd::kNoMemory ? Inconclusive::kNoMemory : end == RunEnd::kOutOfReach ? Inconclusive::kUnsupported : Inconclusive::kStopped;
  } else if (!all_compared_) {
    result.reason = Inconclusive::kNoGolden;
  } else {
    result.outcome = Outcome::kMatch;
    result.reason = Inconclusive::kNone;
  }
}

// take() saw each digest, but counters, sets and the fold were kept in memory since.
bool UnitJudgement::is_what_was_asked() const {
  const UnitResult& report = unit_.result;
  const UnitWork& asked = request_.work[index_];
  if (report.unit != asked.unit || report.first_set != asked.first_set || report.set_count != request_.set_count) return false;
  if (request_.report_digests && unit_.digests.size() != std::min(report.runs, digests_kept(request_.work.size()))) return false;
  RunFold expected;
  for (uint32_t run = 0; run < report.runs; ++run) {
    const uint32_t set = set_of_run(run);
    const Digest* right = right_one(set);
    if (right == nullptr) return false;
    if (run < unit_.digests.size() && unit_.digests[run] != *right) return false;
    expected.add(set, *right);
  }
  return expected.value() == report.fold;
}

UnitRun UnitJudgement::conclude(RunEnd end, Duration busy, Comparator comparator) {
  unit_.result.fold = runs() == 0 ? Digest{} : fold_.value();
  unit_.result.busy = busy;
  decide(end);
  // Sealed first and checked afterwards, so that no bit can change between the two unseen: before the seal the check finds it, after it the reader.
  unit_.seal = seal_of(unit_, request_.id, request_.synthetic);
  const bool passes = unit_.result.outcome == Outcome::kMatch;
  if (passes && comparator == Comparator::kSound && !is_what_was_asked()) withdraw(unit_, Inconclusive::kRunnerError);
  return std::move(unit_);
}

void withdraw(UnitRun& unit, Inconclusive reason) {
  unit.result.outcome = Outcome::kInconclusive;
  unit.result.reason = reason;
  unit.seal.reset();
}

}  // namespace assay::probes
