// SPDX-License-Identifier: Apache-2.0
// What is made of the digests of one unit, alike for cores and accelerators: fold, comparison with the goldens, counts, the verdict, and the
// check that a pass is what was asked for. Who computed the digests, and how, is the business of the frame around it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "common/base/clock.h"
#include "common/base/digest.h"
#include "probes/backend/unit_vote.h"
#include "probes/runner/protocol.h"

namespace assay::probes {

// How one run ended, and how the last one of a unit did. Only a complete run has a digest that means anything.
enum class RunEnd { kComplete, kStopped, kNotExecuted, kMigrated, kNoMemory, kOutOfReach };

// The first run of a unit that differed from its golden.
struct Difference {
  uint32_t run = 0;
  uint32_t operand_set = 0;
  Digest expected;
  Digest actual;
};

// Whether a comparison is real, or is blind because a fault of that shape is planted in it.
enum class Comparator : uint8_t { kSound, kBlind };

// Judges request.work[index]. One thread.
class UnitJudgement {
 public:
  // `request` outlives it; `operand_sets` of the probe.
  UnitJudgement(const RunRequest& request, size_t index, uint32_t operand_sets);

  // Complete runs so far: also the number of the next one.
  uint32_t runs() const { return unit_.result.runs; }
  uint32_t set_of_run(uint32_t run) const { return operand_set_of_run(unit_.result, run, operand_sets_); }
  // Takes the digest of the next complete run. False for a mismatch.
  bool take(const Digest& actual, Comparator comparator);
  const std::optional<Difference>& difference() const { return difference_; }
  // What units agreed on stands for goldens from here on: compares the runs that had none, which are those in `ballot`. Before conclude(), once.
  void settle(const UnitBallot& ballot, AgreedDigests agreed);

  // The verdict, after `end` was how the last run ended, and its seal. `busy`: the unit's time. What is about to pass is first made once more
  // from the goldens and the request, unless `comparator` is blind; kRunnerError when it is not that.
  UnitRun conclude(RunEnd end, Duration busy, Comparator comparator);

 private:
  // The golden, or what units agreed on; nullptr where there is neither.
  const Digest* right_one(uint32_t set) const;
  void decide(RunEnd end);
  bool is_what_was_asked() const;

  const RunRequest& request_;
  const size_t index_;
  const uint32_t operand_sets_;
  RunFold fold_;
  bool all_compared_ = true;
  AgreedDigests agreed_;
  std::optional<Difference> difference_;
  UnitRun unit_;
};

// Takes back what was said of the unit: it is inconclusive for `reason`, with a new seal to be made.
void withdraw(UnitRun& unit, Inconclusive reason);

}  // namespace assay::probes
