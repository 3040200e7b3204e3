// SPDX-License-Identifier: Apache-2.0
#include "collector/core/breaker.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/unit/collector_core/fleet_bench.h"

namespace assay::collector::test {
namespace {

// Each on an operand set of its own, so that no golden comes under suspicion.
void condemn_first(FleetBench& bench, int count, int from = 0) {
  for (int i = from; i < from + count; ++i) {
    const std::string id = fmt::format("d{}", i);
    bench.send_incident(bench.incident("inc-" + id, id, Verdict::kConfirmedUnit, static_cast<uint32_t>(i) % kSets));
  }
}

TEST(Breaker, LimitIsTheFloorOrTheShare) {
  const PolicyOptions options;
  EXPECT_EQ(breaker_limit(options, 5), 3u);
  EXPECT_EQ(breaker_limit(options, 600), 3u);
  EXPECT_EQ(breaker_limit(options, 10'000), 50u);
}

TEST(Breaker, TripsAtTheFourthQuarantineOfADay) {
  FleetBench bench;
  bench.populate(40);
  condemn_first(bench, 4);
  EXPECT_EQ(bench.decisions(DecisionKind::kQuarantine).size(), 3u);
  EXPECT_EQ(bench.state("d3"), DeviceState::kConfirming);
  EXPECT_EQ(bench.view("inc-d3").pending, "breaker");
  EXPECT_FALSE(bench.core.state().breaker.open.empty());
  EXPECT_EQ(bench.notices("breaker_open"), 1u);
  ASSERT_EQ(bench.decisions(DecisionKind::kRefuse).size(), 1u);
  EXPECT_EQ(bench.started().size(), 3u);
}

TEST(Breaker, StaysOpenAfterTheWindowUntilAnOperatorGivesAReason) {
  FleetBench bench;
  bench.populate(40);
  condemn_first(bench, 4);
  bench.tick(48h);
  EXPECT_EQ(bench.state("d3"), DeviceState::kConfirming);
  EXPECT_EQ(bench.step(BreakerReset{"ann", ""}).status.error().code, ErrorCode::kInvalid);
  EXPECT_EQ(bench.step(BreakerReset{"ann", "  "}).status.error().code, ErrorCode::kInvalid);
  const StepResult reset = bench.step(BreakerReset{"ann", "checked all four by hand"});
  ASSERT_TRUE(reset.status.ok());
  EXPECT_EQ(decision_in(reset.actions)->kind, DecisionKind::kBreakerReset);
  EXPECT_EQ(bench.state("d3"), DeviceState::kQuarantined);
  EXPECT_TRUE(bench.core.state().breaker.open.empty());
}

TEST(Breaker, AResetGrantsOneMoreAllowanceAndNoMore) {
  FleetBench bench;
  bench.populate(100);
  condemn_first(bench, 8);
  EXPECT_EQ(bench.decisions(DecisionKind::kQuarantine).size(), 3u);
  bench.now += 1min;
  bench.step(BreakerReset{"ann", "storm"});
  EXPECT_EQ(bench.decisions(DecisionKind::kQuarantine).size(), 6u);
  EXPECT_FALSE(bench.core.state().breaker.open.empty());
}

TEST(Breaker, AClosedOneCannotBeReset) {
  FleetBench bench;
  EXPECT_EQ(bench.step(BreakerReset{"ann", "why not"}).status.error().code, ErrorCode::kConflict);
}

TEST(Breaker, CountsOnlyTheLastDay) {
  FleetBench bench;
  bench.populate(100);
  condemn_first(bench, 3);
  bench.now += 25h;
  condemn_first(bench, 3, 3);
  EXPECT_EQ(bench.decisions(DecisionKind::kQuarantine).size(), 6u);
  EXPECT_TRUE(bench.core.state().breaker.open.empty());
}

TEST(Breaker, SurveyModeDoesNotTrip) {
  PolicyOptions options = FleetBench::enforcing();
  options.survey = true;
  FleetBench bench(options);
  bench.populate(100);
  condemn_first(bench, 8);
  EXPECT_EQ(bench.decisions(DecisionKind::kQuarantine).size(), 8u);
}

TEST(CapacityFloor, HoldsBackAndLetsGoWhenOneReturns) {
  PolicyOptions options = FleetBench::enforcing();
  options.survey = true;
  FleetBench bench(options);
  bench.populate(40);  // ten per cent: four may be out
  condemn_first(bench, 5);
  EXPECT_EQ(bench.decisions(DecisionKind::kQuarantine).size(), 4u);
  EXPECT_EQ(bench.view("inc-d4").pending, "capacity");
  bench.tick(2min);
  EXPECT_EQ(bench.state("d4"), DeviceState::kConfirming);
  ASSERT_TRUE(bench.step(OperatorRelease{"d0", "ann", "replaced"}).status.ok());
  bench.tick(2min);
  EXPECT_EQ(bench.state("d4"), DeviceState::kQuarantined);
}

TEST(CapacityFloor, NeverForbidsTheFirstThreeOfASmallFleet) {
  FleetBench bench;
  bench.populate(5);
  condemn_first(bench, 3);
  EXPECT_EQ(bench.decisions(DecisionKind::kQuarantine).size(), 3u);
}

}  // namespace
}  // namespace assay::collector::test
