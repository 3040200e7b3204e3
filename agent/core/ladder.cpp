// SPDX-License-Identifier: Apache-2.0
#include "agent/core/ladder.h"

#include <algorithm>

#include <fmt/format.h>

#include "common/base/check.h"
#include "common/model/limits.h"

namespace assay::agent {
namespace {

// Whether a record shows a value that was right when read again past the caches.
bool reread_right(const MismatchRecord& record) {
  return record.word_index == MismatchRecord::kWholeDigest || record.reread == record.expected;
}

std::string place_text(uint32_t unit, uint32_t operand_set) { return fmt::format("unit {}, operand set {}", unit, operand_set); }

}  // namespace

Ladder::Ladder(const LadderStart& start, Incident incident, Instant now)
    : start_(start), incident_(std::move(incident)), deadline_(now.mono + kDeadline) {
  ASSAY_CHECK(start_.probe != nullptr);
}

Incident Ladder::opened(const LadderStart& start, const Observation& observation, const UnitResult& unit, Instant now) {
  Incident incident;
  incident.id = start.incident_id;
  incident.node = start.node;
  incident.device_id = start.device_id;
  incident.unit = unit.unit;
  incident.probe = start.probe->ref;
  incident.tier = start.probe->tier;
  incident.operand_set = unit.records.empty() ? unit.first_set : unit.records.front().operand_set;
  incident.variant = observation.variant;
  incident.synthetic = observation.synthetic;
  incident.opened = now.wall;
  incident.updated = now.wall;
  incident.ran_on_silicon = start.ran_on_silicon;
  return incident;
}

Ladder Ladder::from_mismatch(const LadderStart& start, const Observation& observation, const UnitResult& unit, Instant now) {
  Ladder ladder(start, opened(start, observation, unit, now), now);
  ladder.incident_.expected = start.expected;
  EvidenceStep sight;
  sight.rung = Rung::kFirstSight;
  sight.unit = unit.unit;
  sight.runs = unit.runs;
  sight.mismatches = unit.mismatches;
  sight.conditions = observation.conditions;
  sight.detail = place_text(unit.unit, ladder.incident_.operand_set);
  ladder.add_step(sight, now);

  // A corrupt golden table would have made the result inconclusive before it came here (judge.cpp).
  EvidenceStep rehash = sight;
  rehash.rung = Rung::kRehashGolden;
  rehash.runs = 1;
  rehash.mismatches = 0;
  rehash.detail = has_golden(start.probe->tier) ? "the runner's golden table hashes to what it was given" : "there is no golden: it differs from most units that ran the same";
  ladder.add_step(rehash, now);

  EvidenceStep reread = sight;
  reread.rung = Rung::kReread;
  reread.runs = static_cast<uint32_t>(unit.records.size());
  reread.mismatches = static_cast<uint32_t>(std::count_if(unit.records.begin(), unit.records.end(), [](const auto& r) { return !reread_right(r); }));
  reread.detail = unit.records.empty() ? "no words were recorded" : fmt::format("{} of {} words still wrong when read again past the caches", reread.mismatches, reread.runs);
  ladder.add_step(reread, now);
  ladder.keep_records(unit.records);
  return ladder;
}

Ladder Ladder::from_hang(const LadderStart& start, const Observation& observation, const UnitResult& unit, Instant now) {
  Ladder ladder(start, opened(start, observation, unit, now), now);
  ladder.is_hang_ = true;
  EvidenceStep sight;
  sight.rung = Rung::kFirstSight;
  sight.unit = unit.unit;
  sight.runs = unit.runs;
  sight.reason = Inconclusive::kHang;
  sight.conditions = observation.conditions;
  sight.detail = place_text(unit.unit, unit.first_set) + ": hung for the second time";
  ladder.add_step(sight, now);
  return ladder;
}

Ladder Ladder::resume(const LadderStart& start, const Incident& open, Instant now) {
  Ladder ladder(start, open, now);
  ladder.incident_.verdict = Verdict::kOpen;
  ladder.is_hang_ = !open.steps.empty() && open.steps.front().reason == Inconclusive::kHang;
  for (const MismatchRecord& record : open.records) {
    ladder.any_record_ = true;
    ladder.every_reread_right_ = ladder.every_reread_right_ && reread_right(record);
  }
  // Failed retests from before the restart stay evidence.
  for (const EvidenceStep& step : open.steps) {
    if (step.rung == Rung::kSameUnit) ladder.same_unit_.mismatches += step.mismatches;
    if (step.rung == Rung::kOtherOperands) ladder.other_operands_.mismatches += step.mismatches;
  }
  return ladder;
}

void Ladder::keep_records(std::span<const MismatchRecord> records) {
  for (const MismatchRecord& record : records) {
    any_record_ = true;
    every_reread_right_ = every_reread_right_ && reread_right(record);
    if (incident_.records.size() < limits::kMismatchRecordsPerUnit) incident_.records.push_back(record);
  }
}

void Ladder::add_step(EvidenceStep step, Instant now) {
  step.at = now.wall;
  incident_.updated = now.wall;
  if (incident_.steps.size() < limits::kEvidenceStepsPerIncident) incident_.steps.push_back(std::move(step));
}

std::vector<uint32_t> Ladder::other_units() const {
  std::vector<uint32_t> all;
  for (const uint32_t unit : start_.units) {
    if (unit != incident_.unit) all.push_back(unit);
  }
  const size_t wanted = is_hang_ ? 1 : kOtherUnits;  // a hang of several at once would not say which
  if (all.size() <= wanted) return all;
  std::vector<uint32_t> spread;  // over the whole device, not only the neighbours
  for (size_t i = 0; i < wanted; ++i) spread.push_back(all[i * all.size() / wanted]);
  return spread;
}

// Without a golden, a unit by itself would have nothing to be held against.
void Ladder::add_witnesses(Retest& retest) const {
  if (is_hang_ || has_golden(incident_.tier)) return;
  const uint32_t set = retest.work.front().first_set;
  for (const uint32_t unit : other_units()) retest.work.push_back({unit, set});
}

std::optional<Retest> Ladder::next(Instant now) {
  if (!finished() && now.mono >= deadline_) conclude(now);
  if (finished()) return std::nullopt;
  Retest retest;
  retest.rung = rung_;
  if (rung_ == Rung::kSameUnit) {
    retest.work = {{incident_.unit, incident_.operand_set}};
    retest.max_runs = is_hang_ ? 1 : kSameUnitRuns;
  } else if (rung_ == Rung::kOtherUnits) {
    for (const uint32_t unit : other_units()) retest.work.push_back({unit, incident_.operand_set});
    retest.max_runs = is_hang_ ? 1 : kOtherUnitRuns;
  } else {
    const uint32_t sets = start_.probe->operand_sets;
    retest.set_count = std::min(kOtherSets, sets - 1);
    retest.work = {{incident_.unit, (incident_.operand_set + 1) % sets}};
    retest.max_runs = retest.set_count;
  }
  if (rung_ != Rung::kOtherUnits) add_witnesses(retest);
  return retest;
}

void Ladder::step(const SliceResult& result, Instant now) {
  if (finished()) return;
  const std::vector<UnitResult>& units = result.observation.units;
  for (size_t place = 0; place < units.size(); ++place) take(result, place, now);
  const bool told = std::any_of(units.begin(), units.end(), [&](const UnitResult& unit) {
    return unit.outcome != Outcome::kInconclusive || (is_hang_ && unit.reason == Inconclusive::kHang);
  });
  if (!told && ++tries_ < kTriesPerRung && now.mono < deadline_) return;
  tries_ = 0;
  climb();
  if (rung_ == Rung::kFirstSight || now.mono >= deadline_) conclude(now);
}

void Ladder::take(const SliceResult& result, size_t place, Instant now) {
  const UnitResult& unit = result.observation.units[place];
  EvidenceStep step;
  step.rung = rung_;
  step.unit = unit.unit;
  step.runs = unit.runs;
  step.mismatches = unit.outcome == Outcome::kMismatch ? std::max(1U, unit.mismatches) : 0;
  step.reason = unit.outcome == Outcome::kInconclusive ? unit.reason : Inconclusive::kNone;
  step.conditions = result.observation.conditions;
  step.detail = rung_ == Rung::kOtherOperands ? fmt::format("unit {}, {} other operand sets", unit.unit, unit.set_count)
                                              : place_text(unit.unit, unit.first_set);
  const uint32_t mismatches = step.mismatches;
  if (rung_ != Rung::kOtherUnits && unit.unit != incident_.unit) return;  // a witness: its own turn is another rung
  add_step(std::move(step), now);

  const bool hung = unit.reason == Inconclusive::kHang && unit.outcome == Outcome::kInconclusive;
  if (rung_ == Rung::kOtherUnits) {
    if (unit.outcome != Outcome::kInconclusive || (is_hang_ && hung)) ++others_asked_;
    if (mismatches > 0 || (is_hang_ && hung)) ++others_failed_;
  } else {
    Tally& tally = rung_ == Rung::kSameUnit ? same_unit_ : other_operands_;
    tally.runs += unit.runs;
    tally.mismatches += mismatches;
    tally.hangs += hung ? 1 : 0;
  }
  if (mismatches == 0) return;
  if (unit.unit == incident_.unit) keep_records(unit.records);
  if (rung_ != Rung::kOtherOperands) take_digests(place < result.digests.size() ? result.digests[place] : std::vector<Digest>{});
}

void Ladder::take_digests(std::span<const Digest> digests) {
  const auto wrong = std::find_if(digests.begin(), digests.end(), [&](const Digest& digest) { return digest != incident_.expected; });
  if (wrong == digests.end() || !incident_.expected) {
    digest_missing_ = true;
    return;
  }
  if (rung_ == Rung::kSameUnit && !incident_.actual) incident_.actual = *wrong;
  wrong_digests_.push_back(*wrong);
}

void Ladder::climb() {
  if (rung_ == Rung::kSameUnit && !other_units().empty()) {
    rung_ = Rung::kOtherUnits;
  } else if (rung_ != Rung::kOtherOperands && !is_hang_ && start_.probe->operand_sets > 1) {
    rung_ = Rung::kOtherOperands;
  } else {
    rung_ = Rung::kFirstSight;  // nothing above: conclude
  }
}

void Ladder::conclude(Instant now) {
  incident_.verdict = is_hang_ ? hang_verdict() : verdict();
  incident_.updated = now.wall;
}

Verdict Ladder::hang_verdict() const {
  if (same_unit_.hangs == 0) return Verdict::kUnreproduced;
  return others_asked_ > 0 && others_failed_ == others_asked_ ? Verdict::kProbeSuspect : Verdict::kHang;
}

bool Ladder::everyone_gave_the_same_wrong_digest() const {
  if (digest_missing_ || others_asked_ == 0 || others_failed_ < others_asked_ || same_unit_.mismatches == 0) return false;
  return std::all_of(wrong_digests_.begin(), wrong_digests_.end(), [&](const Digest& digest) { return digest == wrong_digests_.front(); });
}

Verdict Ladder::verdict() const {
  // Independent defects practically never agree on a wrong digest; a wrong golden or a bug of ours always does.
  if (everyone_gave_the_same_wrong_digest()) return Verdict::kProbeSuspect;
  if (!may_condemn(incident_.tier)) return Verdict::kUnreproduced;
  const bool reproduced = same_unit_.mismatches > 0 || other_operands_.mismatches > 0 || others_failed_ > 0;
  if (!reproduced) return Verdict::kUnreproduced;
  if (any_record_ && every_reread_right_) return Verdict::kMemory;
  return others_failed_ > 0 ? Verdict::kConfirmedDevice : Verdict::kConfirmedUnit;  // two units of the device were wrong, or one
}

}  // namespace assay::agent
