// SPDX-License-Identifier: Apache-2.0
#include "agent/core/coverage_plan.h"

#include <gtest/gtest.h>

#include "tests/unit/agent/core_fixture.h"

namespace assay::agent {
namespace {

using namespace test;

TEST(CoveragePlan, APassCostsASliceInEachCellAtTheBudget) {
  const auto probes = three_probes();
  const Device device = device_with(4);
  const Variants variants = variants_of(probes);
  Scheduler scheduler(device, probes, {}, at(0s), variants);
  const CoveragePlan plan = plan_of(device, probes, scheduler);
  EXPECT_EQ(plan.units, 4U);
  ASSERT_EQ(plan.probes.size(), 3U);
  ASSERT_EQ(plan.probes[0].variants.size(), 2U);
  const LanePlan& wide = plan.probes[0].variants[0];
  EXPECT_EQ(wide.variant.name, "wide");
  EXPECT_EQ(wide.coverage.cells, 4U);
  EXPECT_EQ(wide.coverage.cells_covered, 0U);
  EXPECT_FALSE(wide.run_seconds) << "not measured yet, so not told";
  // 4 cells of 50 ms at 90 % of 0.1 % of 4 units.
  EXPECT_NEAR(wide.pass_seconds.value_or(0), 4 * 0.05 / (0.9 * 0.001 * 4), 1e-9);
}

TEST(CoveragePlan, AllLanesTogetherTakeAsLongAsTheSchedulerTakes) {
  const auto probes = three_probes();
  const Device device = device_with(2);
  const Variants variants = variants_of(probes);
  SchedulerOptions options;
  options.control_one_in = 0;
  Scheduler scheduler(device, probes, options, at(0s), variants);
  double pass = 0;
  for (const ProbePlan& probe : plan_of(device, probes, scheduler).probes) {
    for (const LanePlan& lane : probe.variants) pass += lane.pass_seconds.value_or(0);
  }
  // The floor of exploration alone, a fifth of the turns, needs five times the pass at most.
  Duration now = 0s;
  while (scheduler.coverage().cells_covered() < scheduler.coverage().cells()) {
    now = scheduler.due_at(false, at(now).mono) - at(0s).mono;
    const Turn turn = scheduler.next({}, false, true, at(now));
    ASSERT_TRUE(turn.order);
    scheduler.settle(*turn.order, run_on(healthy(), *turn.order, at(now)), at(now));
    ASSERT_LT(to_seconds(now), 5 * pass + 60);
  }
  EXPECT_GE(to_seconds(now), 0.9 * pass - 60) << "no pass is faster than its cost";
}

TEST(CoveragePlan, WithoutABudgetThereIsNoTime) {
  const auto probes = three_probes();
  SchedulerOptions options;
  options.budget_ratio = 0;
  const Device device = device_with(1);
  Scheduler scheduler(device, probes, options, at(0s));
  EXPECT_FALSE(plan_of(device, probes, scheduler).probes[0].variants[0].pass_seconds);
}

}  // namespace
}  // namespace assay::agent
