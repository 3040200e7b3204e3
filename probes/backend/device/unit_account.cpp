// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/device/unit_account.h"

#include <utility>

#include <fmt/format.h>

namespace assay::probes::device {

UnitAccount::UnitAccount(const RunRequest& request, size_t index, uint32_t operand_sets, IsBlind is_blind)
    : request_(request), unit_(request.work[index].unit), is_blind_(std::move(is_blind)), judgement_(request, index, operand_sets) {}

void UnitAccount::end(RunEnd how, std::string words) {
  over_ = true;
  end_ = how;
  words_ = std::move(words);
}

void UnitAccount::take(const JobUnitResult& result, const Share& share) {
  // Asking again would be for ever.
  if (result.out_of_reach) return end(RunEnd::kOutOfReach, fmt::format("unit {}: out of reach: {}", unit_, share.confined_by));
  if (!result.reached) {
    // A look at the clock does no harm to who holds it; for ever would be.
    if (++misses_ >= kTries) end(RunEnd::kStopped, fmt::format("unit {}: something else held it during {} launches", unit_, misses_));
    return;
  }
  misses_ = 0;
  busy_ += result.busy > Duration::zero() ? result.busy : share.took;
  if (result.moved) return end(RunEnd::kMigrated, fmt::format("unit {}: its team ended on another unit", unit_));
  take_digests(result, share);
}

void UnitAccount::take_digests(const JobUnitResult& result, const Share& share) {
  uint32_t wrong = 0;
  for (const Digest& digest : result.digests) {
    const uint32_t set = judgement_.set_of_run(runs());
    const bool right = set < request_.goldens.size() && digest == request_.goldens[set];
    // Which run was left unwritten is not told; a right digest was made of written words.
    if (result.not_executed > 0 && !right) break;
    const bool blind = is_blind_(runs());
    blinded_ = blinded_ || blind;
    if (set >= request_.goldens.size() && !blind) ballot_.add(runs(), set, digest);
    wrong += judgement_.take(digest, blind ? Comparator::kBlind : Comparator::kSound) ? 0 : 1;
  }
  if (result.not_executed > 0) return end(RunEnd::kNotExecuted, fmt::format("unit {}: outputs of {} runs were left unwritten", unit_, result.not_executed));
  if (share.compared) compare_verdicts(result, share, wrong);
}

// Runs behind a gap are compared by the device and not by us: then it may have found more.
void UnitAccount::compare_verdicts(const JobUnitResult& result, const Share& share, uint32_t wrong) {
  const bool all_told = result.digests.size() == share.runs;
  const bool agrees = all_told ? result.wrong == wrong : result.wrong >= wrong;
  if (agrees || !doubt_.empty()) return;
  doubt_ = fmt::format("unit {}: its own comparison found {} wrong runs where their digests tell of {}", unit_, result.wrong, wrong);
}

UnitRun UnitAccount::conclude() {
  if (over_ == false && runs() == 0 && misses_ > 0) words_ = fmt::format("unit {}: something else held it", unit_);
  UnitRun run = judgement_.conclude(end_, busy_, blinded_ ? Comparator::kBlind : Comparator::kSound);
  if (run.result.outcome == Outcome::kMatch && !doubt_.empty()) withdraw(run, Inconclusive::kRunnerError);
  if (run.result.reason == Inconclusive::kRunnerError && doubt_.empty()) {
    doubt_ = fmt::format("unit {}: what was about to be reported is not what was compared", unit_);
  }
  if (!doubt_.empty()) words_ = doubt_;
  if (run.result.outcome == Outcome::kMatch) words_.clear();
  return run;
}

}  // namespace assay::probes::device
