// SPDX-License-Identifier: Apache-2.0
#include "agent/core/judge.h"

#include <gtest/gtest.h>

#include "tests/unit/agent/core_fixture.h"

namespace assay::agent {
namespace {

using namespace test;

class JudgeTest : public testing::Test {
 protected:
  SliceOrder order(Purpose purpose, std::vector<uint32_t> units) {
    SliceOrder order;
    order.purpose = purpose;
    order.probe = &probes_[0];
    for (const uint32_t unit : units) order.work.push_back({unit, unit});
    return order;
  }
  static SliceResult result(const SliceOrder& order, Outcome outcome, Inconclusive reason = Inconclusive::kNone) {
    SliceResult result = failed_result(order, reason, at(0s).wall, 50ms);
    for (UnitResult& unit : result.observation.units) {
      unit.outcome = outcome;
      unit.runs = outcome == Outcome::kInconclusive ? 0 : 3;
      unit.mismatches = outcome == Outcome::kMismatch ? 1 : 0;
    }
    return result;
  }
  std::vector<Finding> judge(const SliceOrder& order, const SliceResult& result, Duration now = 0s) { return judge_.judge(order, result, at(now).mono); }

  std::vector<ProbeSpec> probes_ = three_probes();
  Judge judge_;
};

TEST_F(JudgeTest, AMatchIsNoFinding) {
  const SliceOrder rotation = order(Purpose::kRotation, {0, 1});
  EXPECT_TRUE(judge(rotation, result(rotation, Outcome::kMatch)).empty());
}

TEST_F(JudgeTest, EachWrongUnitIsAFinding) {
  const SliceOrder rotation = order(Purpose::kRotation, {0, 1, 2});
  SliceResult mixed = result(rotation, Outcome::kMatch);
  mixed.observation.units[1].outcome = Outcome::kMismatch;
  mixed.observation.units[1].mismatches = 1;
  const auto findings = judge(rotation, mixed);
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].kind, FindingKind::kMismatch);
  EXPECT_EQ(findings[0].unit, 1U);
}

TEST_F(JudgeTest, NotBeingAbleToMeasureAccusesNobody) {
  const SliceOrder rotation = order(Purpose::kRotation, {0});
  for (const Inconclusive reason : {Inconclusive::kUnsupported, Inconclusive::kNotExecuted, Inconclusive::kNoGolden, Inconclusive::kMigrated,
                                    Inconclusive::kNoMemory, Inconclusive::kStopped, Inconclusive::kRunnerError}) {
    EXPECT_TRUE(judge(rotation, result(rotation, Outcome::kInconclusive, reason)).empty()) << to_string(reason);
  }
}

TEST_F(JudgeTest, ACorruptGoldenTakesTheMismatchBack) {
  const SliceOrder rotation = order(Purpose::kRotation, {0});
  SliceResult wrong = result(rotation, Outcome::kMismatch);
  wrong.golden_rehash_ok = false;
  const auto findings = judge(rotation, wrong);
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].kind, FindingKind::kGoldenCorrupt);
}

TEST_F(JudgeTest, ASecondHangOfACellWithinADayIsRepeated) {
  const SliceOrder rotation = order(Purpose::kRotation, {3});
  const SliceResult hung = result(rotation, Outcome::kInconclusive, Inconclusive::kHang);
  EXPECT_FALSE(judge(rotation, hung, 0s).at(0).repeated);
  EXPECT_TRUE(judge(rotation, hung, 3h).at(0).repeated);
  const SliceOrder other = order(Purpose::kRotation, {4});
  EXPECT_FALSE(judge(other, result(other, Outcome::kInconclusive, Inconclusive::kHang), 3h).at(0).repeated);
  EXPECT_FALSE(judge(rotation, hung, 40h).at(0).repeated);
}

TEST_F(JudgeTest, AHangOfSeveralUnitsTogetherBlamesNoneAndAsksForEachAlone) {
  const SliceOrder rotation = order(Purpose::kRotation, {0, 1});
  for (int i = 0; i < 2; ++i) {
    const auto findings = judge(rotation, result(rotation, Outcome::kInconclusive, Inconclusive::kHang));
    ASSERT_EQ(findings.size(), 2U);
    EXPECT_EQ(findings[0].kind, FindingKind::kIsolate);
    EXPECT_EQ(findings[1].kind, FindingKind::kIsolate);
  }
}

TEST_F(JudgeTest, AControlMustBeSeenAndOneThatDidNotRunIsNotMissed) {
  SliceOrder control = order(Purpose::kControl, {0});
  EXPECT_EQ(judge(control, result(control, Outcome::kMismatch)).at(0).kind, FindingKind::kControlSeen);
  EXPECT_EQ(judge(control, result(control, Outcome::kMatch)).at(0).kind, FindingKind::kControlMissed);
  EXPECT_EQ(judge(control, result(control, Outcome::kInconclusive, Inconclusive::kHang)).at(0).kind, FindingKind::kControlInconclusive);
  EXPECT_EQ(judge_.controls().seen, 1U);
  EXPECT_EQ(judge_.controls().missed, 1U);
  EXPECT_EQ(judge_.controls().inconclusive, 1U);
}

TEST_F(JudgeTest, OfAControlTheUnitCountsOnWhichTheFaultWasPlanted) {
  SliceOrder control = order(Purpose::kControl, {4, 5, 6});  // two vote with it
  control.injection.unit = 5;
  SliceResult seen = result(control, Outcome::kMatch);
  seen.observation.units[1].outcome = Outcome::kMismatch;
  const auto finding = judge(control, seen);
  ASSERT_EQ(finding.size(), 1U);
  EXPECT_EQ(finding[0].kind, FindingKind::kControlSeen);
  EXPECT_EQ(finding[0].unit, 5U);
  SliceResult another = result(control, Outcome::kMatch);
  another.observation.units[2].outcome = Outcome::kMismatch;
  EXPECT_EQ(judge(control, another).at(0).kind, FindingKind::kControlMissed) << "it is not the planted one";
}

TEST_F(JudgeTest, RetestsAreTheLaddersBusiness) {
  const SliceOrder retest = order(Purpose::kLadder, {0});
  EXPECT_TRUE(judge(retest, result(retest, Outcome::kMismatch)).empty());
}

}  // namespace
}  // namespace assay::agent
