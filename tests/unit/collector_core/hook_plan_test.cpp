// SPDX-License-Identifier: Apache-2.0
#include "collector/core/hook_plan.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/unit/collector_core/fleet_bench.h"

namespace assay::collector::test {
namespace {

TEST(HookPlan, IsPendingUntilDone) {
  FleetBench bench;
  bench.condemn("d0");
  ASSERT_EQ(bench.core.state().hooks.size(), 1u);
  bench.step(HookFinished{1, HookStatus::kPending, 1, 3, "scheduler is down"});
  EXPECT_EQ(bench.core.state().hooks.at(1).attempts, 1u);
  EXPECT_EQ(bench.core.state().hooks.at(1).exit_code, 3);
  bench.step(HookFinished{1, HookStatus::kDone, 2, 0, "drained"});
  EXPECT_TRUE(bench.core.state().hooks.empty());
  EXPECT_EQ(bench.notices("hook_done"), 1u);
}

TEST(HookPlan, AResultThatComesTwiceChangesNothing) {
  FleetBench bench;
  bench.condemn("d0");
  bench.step(HookFinished{1, HookStatus::kDone, 1, 0, "drained"});
  EXPECT_TRUE(bench.step(HookFinished{1, HookStatus::kDone, 1, 0, "drained"}).actions.empty());
  EXPECT_TRUE(bench.step(HookFinished{99, HookStatus::kDone, 1, 0, ""}).actions.empty());
}

TEST(HookPlan, IsStartedOnceInALifeAndAgainInTheNext) {
  FleetBench bench;
  bench.condemn("d0");
  bench.tick(5min);
  EXPECT_EQ(bench.started().size(), 1u);
  FleetCore next(bench.book, bench.core.options(), bench.core.state());
  EXPECT_EQ(FleetBench::count<StartHook>(next.step(Tick{}, bench.now).actions), 1u);
  EXPECT_EQ(FleetBench::count<StartHook>(next.step(Tick{}, bench.now).actions), 0u);
}

TEST(HookPlan, AFailedOneIsCountedUntilTheDeviceIsReleased) {
  FleetBench bench;
  bench.condemn("d0");
  bench.step(HookFinished{1, HookStatus::kFailed, 5, 1, "no such node"});
  EXPECT_EQ(bench.core.state().hooks.at(1).status, HookStatus::kFailed);
  bench.tick(2min);
  EXPECT_EQ(bench.started().size(), 1u);
  bench.step(OperatorRelease{"d0", "ann", "replaced"});
  EXPECT_FALSE(bench.core.state().hooks.contains(1));
}

TEST(HookPlan, ANodeStaysDrainedWhileAnotherOfItsDevicesIsQuarantined) {
  FleetBench bench;
  Report both = bench.report("node-x", {"a", "b"});
  for (const char* id : {"a", "b"}) {
    Incident accused = bench.incident(fmt::format("inc-{}", id), id, Verdict::kConfirmedUnit, id[0] == 'a' ? 1 : 2);
    accused.node = "node-x";
    both.incidents.push_back(accused);
  }
  bench.send(both);
  ASSERT_EQ(bench.started().size(), 2u);
  bench.step(OperatorRelease{"a", "ann", "fine"});
  EXPECT_EQ(bench.started().size(), 2u);
  EXPECT_EQ(bench.notices("stays_drained"), 1u);
  bench.step(OperatorRelease{"b", "ann", "fine"});
  ASSERT_EQ(bench.started().size(), 3u);
  EXPECT_EQ(bench.started().back().action, HookAction::kUndrain);
}

TEST(HookPlan, WithoutAHookNothingIsPlanned) {
  PolicyOptions options = FleetBench::enforcing();
  options.hook = false;
  FleetBench bench(options);
  bench.condemn("d0");
  EXPECT_EQ(bench.state("d0"), DeviceState::kQuarantined);
  EXPECT_TRUE(bench.core.state().hooks.empty());
}

}  // namespace
}  // namespace assay::collector::test
