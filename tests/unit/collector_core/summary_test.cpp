// SPDX-License-Identifier: Apache-2.0
#include "collector/core/summary.h"

#include <gtest/gtest.h>

#include "tests/unit/collector_core/fleet_bench.h"

namespace assay::collector::test {
namespace {

TEST(Summary, CountsTheFleet) {
  FleetBench bench;
  bench.populate(5);
  bench.condemn("d0");
  bench.send_incident(bench.incident("inc-1", "d1", Verdict::kOpen, 1));
  bench.tick(0s);
  const FleetSummary sum = summarise(bench.core.state(), bench.core.options(), bench.now);
  EXPECT_EQ(sum.nodes, 5u);
  EXPECT_EQ(sum.devices, 5u);
  EXPECT_EQ(sum.devices_by_state[static_cast<size_t>(DeviceState::kInService)], 3u);
  EXPECT_EQ(sum.runs_match, 20u);
  EXPECT_EQ(sum.incidents_open, 1u);
  EXPECT_EQ(sum.incidents_last_day, 2u);
  EXPECT_EQ(sum.quarantined, 1u);
  EXPECT_EQ(sum.quarantines_last_day, 1u);
  EXPECT_EQ(sum.quarantine_limit, 3u);
  EXPECT_EQ(sum.hooks_pending, 1u);
  EXPECT_EQ(sum.findings, 2u);
  EXPECT_FALSE(sum.breaker_open);
}

}  // namespace
}  // namespace assay::collector::test
