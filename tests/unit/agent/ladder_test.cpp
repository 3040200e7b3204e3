// SPDX-License-Identifier: Apache-2.0
#include "agent/core/ladder.h"

#include <gtest/gtest.h>

#include "tests/unit/agent/core_fixture.h"

namespace assay::agent {
namespace {

using namespace test;

class LadderTest : public testing::Test {
 protected:
  LadderStart start(uint32_t units, GoldenTier tier = GoldenTier::kT0Analytic) {
    probe_.tier = tier;
    LadderStart start;
    start.incident_id = "inc-0000000000000001";
    start.node = "n1";
    start.device_id = "cpu-test-0";
    start.probe = &probe_;
    for (uint32_t unit = 0; unit < units; ++unit) start.units.push_back(unit);
    start.expected = right_digest(kSet);
    return start;
  }

  // A first mismatch on the unit, with two records.
  Ladder open(const LadderStart& start, uint32_t unit, bool reread_right = false) {
    Observation observation;
    observation.probe = probe_.ref;
    observation.variant = "avx2";
    UnitResult result;
    result.unit = unit;
    result.first_set = 2;
    result.set_count = 64;
    result.runs = 20;
    result.mismatches = 1;
    result.outcome = Outcome::kMismatch;
    result.reason = Inconclusive::kNone;
    result.records.assign(2, record_of(kSet, {Outcome::kMismatch, Inconclusive::kNone, {1, 2}, reread_right}));
    observation.units.push_back(result);
    return Ladder::from_mismatch(start, observation, result, at(0s));
  }

  Verdict climb(Ladder ladder, const Machine& machine) {
    Duration now = 0s;
    while (const auto retest = ladder.next(at(now))) {
      EXPECT_LT(now, 60s);
      rungs_.push_back(retest->rung);
      SliceOrder order;
      order.purpose = Purpose::kLadder;
      order.probe = &probe_;
      order.work = retest->work;
      order.set_count = retest->set_count;
      order.max_runs = retest->max_runs;
      order.report_digests = true;
      now += 100ms;
      ladder.step(run_on(machine, order, at(now)), at(now));
    }
    incident_ = ladder.incident();
    return incident_.verdict;
  }

  static constexpr uint32_t kSet = 17;
  ProbeSpec probe_ = three_probes()[0];
  std::vector<Rung> rungs_;
  Incident incident_;
};

TEST_F(LadderTest, OneReproductionOnTheUnitAndHealthyNeighboursCondemnTheUnit) {
  EXPECT_EQ(climb(open(start(4), 1), faulty_unit(1)), Verdict::kConfirmedUnit);
  EXPECT_EQ(rungs_, (std::vector{Rung::kSameUnit, Rung::kOtherUnits, Rung::kOtherOperands}));
  EXPECT_EQ(incident_.operand_set, kSet) << "the set of the first record, not of the first run";
  EXPECT_EQ(incident_.expected, right_digest(kSet));
  EXPECT_EQ(incident_.actual, (Digest{100, kSet}));
  EXPECT_EQ(incident_.variant, "avx2");
}

TEST_F(LadderTest, ShowsTheOperatorEveryRung) {
  climb(open(start(4), 1), faulty_unit(1));
  std::vector<Rung> steps;
  for (const EvidenceStep& step : incident_.steps) steps.push_back(step.rung);
  EXPECT_EQ(steps, (std::vector{Rung::kFirstSight, Rung::kRehashGolden, Rung::kReread, Rung::kSameUnit, Rung::kOtherUnits, Rung::kOtherUnits,
                                Rung::kOtherUnits, Rung::kOtherOperands}));
  EXPECT_EQ(incident_.steps[2].detail, "2 of 2 words still wrong when read again past the caches");
  EXPECT_EQ(incident_.steps[3].runs, 10U);
  EXPECT_EQ(incident_.steps[3].mismatches, 10U);
  EXPECT_EQ(incident_.steps[4].mismatches, 0U);
}

TEST_F(LadderTest, PassesNeverAcquit) {
  EXPECT_EQ(climb(open(start(4), 1), healthy()), Verdict::kUnreproduced);
  EXPECT_FALSE(incident_.actual);
}

TEST_F(LadderTest, OneFailureInTenIsAReproduction) {
  int run = 0;
  const Machine rare = [&run](const SliceOrder&, uint32_t unit, uint32_t set) {
    if (unit == 1 && ++run == 7) return UnitAnswer{Outcome::kMismatch, Inconclusive::kNone, {5, 5}, false};
    return UnitAnswer{Outcome::kMatch, Inconclusive::kNone, right_digest(set), false};
  };
  EXPECT_EQ(climb(open(start(4), 1), rare), Verdict::kConfirmedUnit);
}

TEST_F(LadderTest, OtherOperandsThatFailOnTheUnitCondemnItToo) {
  const Machine other_sets = [](const SliceOrder&, uint32_t unit, uint32_t set) {
    const bool wrong = unit == 1 && set != kSet;
    return wrong ? UnitAnswer{Outcome::kMismatch, Inconclusive::kNone, {5, set}, false}
                 : UnitAnswer{Outcome::kMatch, Inconclusive::kNone, right_digest(set), false};
  };
  EXPECT_EQ(climb(open(start(4), 1), other_sets), Verdict::kConfirmedUnit);
}

TEST_F(LadderTest, SeveralUnitsThatFailDifferentlyCondemnTheDevice) {
  const Machine two_bad = [](const SliceOrder&, uint32_t unit, uint32_t set) {
    return unit <= 1 ? UnitAnswer{Outcome::kMismatch, Inconclusive::kNone, {90 + unit, set}, false}
                     : UnitAnswer{Outcome::kMatch, Inconclusive::kNone, right_digest(set), false};
  };
  EXPECT_EQ(climb(open(start(4), 1), two_bad), Verdict::kConfirmedDevice);
}

TEST_F(LadderTest, EveryUnitWithTheSameWrongDigestMeansTheProbeIsWrong) {
  const Machine wrong_golden = [](const SliceOrder&, uint32_t, uint32_t set) {
    return UnitAnswer{Outcome::kMismatch, Inconclusive::kNone, {4242, set}, false};
  };
  EXPECT_EQ(climb(open(start(2), 1), wrong_golden), Verdict::kProbeSuspect);
  EXPECT_EQ(climb(open(start(64), 1), wrong_golden), Verdict::kProbeSuspect);
  EXPECT_EQ(climb(open(start(1), 0), wrong_golden), Verdict::kConfirmedUnit) << "a device with one unit cannot tell";
}

TEST_F(LadderTest, EveryUnitWrongInItsOwnWayMeansTheDevice) {
  const Machine all_bad = [](const SliceOrder&, uint32_t unit, uint32_t set) {
    return UnitAnswer{Outcome::kMismatch, Inconclusive::kNone, {90 + unit, set}, false};
  };
  EXPECT_EQ(climb(open(start(4), 1), all_bad), Verdict::kConfirmedDevice);
}

TEST_F(LadderTest, WordsThatAreRightWhenReadAgainPointAtMemory) {
  EXPECT_EQ(climb(open(start(4), 1, true), healthy()), Verdict::kUnreproduced) << "one mismatch condemns nothing, whatever kind it is of";
  const Machine load_path = [](const SliceOrder&, uint32_t unit, uint32_t set) {
    return unit == 1 ? UnitAnswer{Outcome::kMismatch, Inconclusive::kNone, {5, set}, true}
                     : UnitAnswer{Outcome::kMatch, Inconclusive::kNone, right_digest(set), false};
  };
  EXPECT_EQ(climb(open(start(4), 1, true), load_path), Verdict::kMemory);
  EXPECT_EQ(climb(open(start(4), 1, true), faulty_unit(1)), Verdict::kConfirmedUnit) << "retests whose stored words are wrong are no memory fault";
}

TEST_F(LadderTest, OnlyTiersWithGoldensOfTheirOwnMayCondemn) {
  EXPECT_EQ(climb(open(start(4, GoldenTier::kT1Emulated), 1), faulty_unit(1)), Verdict::kConfirmedUnit);
  EXPECT_EQ(climb(open(start(4, GoldenTier::kT2Reference), 1), faulty_unit(1)), Verdict::kUnreproduced);
  EXPECT_EQ(climb(open(start(4, GoldenTier::kT3Quorum), 1), faulty_unit(1)), Verdict::kUnreproduced);
}

TEST_F(LadderTest, ARetestThatGaveNothingIsTriedThreeTimes) {
  const Machine down = [](const SliceOrder&, uint32_t, uint32_t) { return UnitAnswer{Outcome::kInconclusive, Inconclusive::kRunnerError, {}, false}; };
  EXPECT_EQ(climb(open(start(2), 1), down), Verdict::kUnreproduced);
  EXPECT_EQ(rungs_.size(), 9U);
}

TEST_F(LadderTest, ACorruptGoldenInARetestIsNoReproduction) {
  const Machine corrupt = [](const SliceOrder&, uint32_t, uint32_t) { return UnitAnswer{Outcome::kInconclusive, Inconclusive::kGoldenCorrupt, {}, false}; };
  EXPECT_EQ(climb(open(start(2), 1), corrupt), Verdict::kUnreproduced);
}

TEST_F(LadderTest, AtItsDeadlineTheVerdictIsDrawnFromWhatThereIs) {
  Ladder ladder = open(start(4), 1);
  EXPECT_TRUE(ladder.next(at(59s)));
  EXPECT_FALSE(ladder.next(at(61s)));
  EXPECT_EQ(ladder.incident().verdict, Verdict::kUnreproduced);
}

TEST_F(LadderTest, AsksAtMostEightOthersSpreadOverTheDevice) {
  Ladder ladder = open(start(64), 1);
  SliceOrder order;
  order.probe = &probe_;
  order.work = ladder.next(at(0s))->work;
  order.max_runs = 10;
  ladder.step(run_on(healthy(), order, at(1s)), at(1s));
  const auto retest = ladder.next(at(1s));
  ASSERT_EQ(retest->rung, Rung::kOtherUnits);
  EXPECT_EQ(retest->work.size(), 8U);
  EXPECT_GT(retest->work.back().unit, 48U);
  for (const auto& work : retest->work) EXPECT_NE(work.unit, 1U);
}

TEST_F(LadderTest, AHangThatHappensAgainOnTheUnitAloneCondemnsIt) {
  const auto hanging = [](std::vector<uint32_t> units) {
    return [units](const SliceOrder&, uint32_t unit, uint32_t set) {
      const bool hangs = std::find(units.begin(), units.end(), unit) != units.end();
      return hangs ? UnitAnswer{Outcome::kInconclusive, Inconclusive::kHang, {}, false}
                   : UnitAnswer{Outcome::kMatch, Inconclusive::kNone, right_digest(set), false};
    };
  };
  Observation observation;
  UnitResult hung;
  hung.unit = 1;
  hung.reason = Inconclusive::kHang;
  observation.units.push_back(hung);
  const auto fresh = [&] { return Ladder::from_hang(start(3), observation, hung, at(0s)); };
  EXPECT_EQ(climb(fresh(), hanging({1})), Verdict::kHang);
  EXPECT_EQ(climb(fresh(), hanging({0, 1, 2})), Verdict::kProbeSuspect);
  EXPECT_EQ(climb(fresh(), hanging({})), Verdict::kUnreproduced);
}

TEST_F(LadderTest, ClimbsAgainAfterARestartWithoutForgettingWhatFailed) {
  Ladder ladder = open(start(4), 1);
  SliceOrder order;
  order.probe = &probe_;
  order.work = ladder.next(at(0s))->work;
  order.max_runs = 10;
  order.report_digests = true;
  ladder.step(run_on(faulty_unit(1), order, at(1s)), at(1s));
  const Incident stored = ladder.incident();  // and the agent is killed here
  ASSERT_EQ(stored.verdict, Verdict::kOpen);
  EXPECT_EQ(climb(Ladder::resume(start(4), stored, at(0s)), healthy()), Verdict::kConfirmedUnit);
  EXPECT_EQ(incident_.id, stored.id);
}

// A vote needs other units beside the accused one; they have no say in what is counted of it.
TEST_F(LadderTest, WithoutAGoldenRetestsBringWitnesses) {
  Ladder ladder = open(start(4, GoldenTier::kT3Quorum), 1);
  const Retest same = ladder.next(at(0s)).value();
  ASSERT_EQ(same.work.size(), 4U);
  EXPECT_EQ(same.work[0], (probes::UnitWork{1, kSet}));
  for (const probes::UnitWork& work : same.work) EXPECT_EQ(work.first_set, kSet);
  EXPECT_EQ(climb(open(start(4, GoldenTier::kT3Quorum), 1), faulty_unit(1)), Verdict::kUnreproduced) << "and never condemn";
  EXPECT_EQ(incident_.steps[1].detail, "there is no golden: it differs from most units that ran the same");
  uint32_t seen = 0;
  for (const EvidenceStep& step : incident_.steps) {
    if (step.rung != Rung::kSameUnit) continue;
    EXPECT_EQ(step.unit, 1U);
    EXPECT_EQ(step.mismatches, 10U);
    ++seen;
  }
  EXPECT_EQ(seen, 1U);
}

}  // namespace
}  // namespace assay::agent
