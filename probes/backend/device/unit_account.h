// SPDX-License-Identifier: Apache-2.0
// The account of one unit of an accelerator over the launches of a slice: what the device says of it, judged.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "probes/backend/device/accelerator.h"
#include "probes/backend/judgement.h"

namespace assay::probes::device {

// What was asked of a unit in one launch.
struct Share {
  uint32_t first_run = 0;      // of the unit's runs in the slice
  uint32_t runs = 0;
  bool compared = false;       // the device had the expected words
  Duration took{};             // of the launch: a unit without a timer of its own is charged with it
  std::string_view confined_by{};  // JobResult::confined_by
};

// One thread.
class UnitAccount {
 public:
  static constexpr uint32_t kTries = 8;  // launches in a row in which something else held the unit

  using IsBlind = std::function<bool(uint32_t run)>;   // whether that run's comparison is planted to be blind
  UnitAccount(const RunRequest& request, size_t index, uint32_t operand_sets, IsBlind is_blind);

  uint32_t unit() const { return unit_; }
  uint32_t runs() const { return judgement_.runs(); }
  uint32_t set_of_run(uint32_t run) const { return judgement_.set_of_run(run); }
  // Whether nothing more is to be run on it.
  bool is_over() const { return over_; }
  const std::optional<Difference>& difference() const { return judgement_.difference(); }

  void take(const JobUnitResult& result, const Share& share);
  // Its digests that had no golden, and what came of the vote on them. Blind runs have no part in it.
  const UnitBallot& ballot() const { return ballot_; }
  void settle(const AgreedDigests& agreed) { judgement_.settle(ballot_, agreed); }
  // The device read an expected word that is not what it was given.
  void doubt_memory(std::string words) { doubt_ = std::move(words); }

  // The verdict. Where device and host disagree, or the device read expected words wrong, it is no pass.
  UnitRun conclude();
  // Why it could not be measured, or what else there is to say; "" when nothing. After conclude().
  const std::string& words() const { return words_; }

 private:
  void end(RunEnd how, std::string words);
  void take_digests(const JobUnitResult& result, const Share& share);
  void compare_verdicts(const JobUnitResult& result, const Share& share, uint32_t wrong);

  const RunRequest& request_;
  const uint32_t unit_;
  IsBlind is_blind_;
  UnitJudgement judgement_;
  UnitBallot ballot_;
  RunEnd end_ = RunEnd::kComplete;
  bool over_ = false;
  bool blinded_ = false;      // a run of it
  uint32_t misses_ = 0;       // launches in a row that did not reach it
  Duration busy_{};
  std::string doubt_;
  std::string words_;
};

}  // namespace assay::probes::device
