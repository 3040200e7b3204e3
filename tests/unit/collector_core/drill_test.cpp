// SPDX-License-Identifier: Apache-2.0
// A drill goes all the way and leaves the real fleet untouched.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "collector/core/summary.h"
#include "tests/unit/collector_core/fleet_bench.h"

namespace assay::collector::test {
namespace {

Incident drill(const FleetBench& bench, const std::string& id, const std::string& device, Verdict verdict, uint32_t set = 0) {
  return bench.incident(id, device, verdict, set, 42, Synthetic::kDrill);
}

TEST(Drill, ReachesTheDrillHookWhateverTheMode) {
  PolicyOptions options;
  options.drill_hook = true;  // observe mode, no real hook
  FleetBench bench(options);
  bench.populate(1);
  bench.send_units("d0", {failure()}, Synthetic::kDrill);
  EXPECT_EQ(bench.state("d0"), DeviceState::kSuspect);
  EXPECT_TRUE(bench.at("d0").shown_is_synthetic());
  bench.send_incident(drill(bench, "inc-0", "d0", Verdict::kConfirmedUnit));
  EXPECT_EQ(bench.state("d0"), DeviceState::kQuarantined);
  EXPECT_TRUE(bench.at("d0").shown_is_synthetic());
  EXPECT_EQ(bench.at("d0").real.state, DeviceState::kInService);
  ASSERT_EQ(bench.decisions(DecisionKind::kQuarantine).size(), 1u);
  EXPECT_TRUE(bench.decisions(DecisionKind::kQuarantine).front().synthetic);
  ASSERT_EQ(bench.started().size(), 1u);
  EXPECT_TRUE(bench.started().front().synthetic);
}

TEST(Drill, NeverRunsTheRealHook) {
  PolicyOptions options = FleetBench::enforcing();
  options.drill_hook = false;
  FleetBench bench(options);
  bench.send_incident(drill(bench, "inc-0", "d0", Verdict::kConfirmedUnit));
  EXPECT_EQ(bench.state("d0"), DeviceState::kQuarantined);
  EXPECT_TRUE(bench.started().empty());
}

TEST(Drill, NeverCounts) {
  FleetBench bench;
  bench.populate(10);
  const uint64_t runs_before = bench.core.state().counts.at("d0").probes.at(kProbe).match;
  for (int i = 0; i < 6; ++i) {
    const std::string id = fmt::format("d{}", i);
    bench.send_units(id, {failure()}, Synthetic::kDrill);
    bench.send_incident(drill(bench, "inc-" + id, id, Verdict::kConfirmedUnit));  // all the same digest, too
  }
  EXPECT_EQ(bench.decisions(DecisionKind::kQuarantine).size(), 6u);
  EXPECT_TRUE(bench.core.state().breaker.open.empty());
  EXPECT_TRUE(bench.core.state().freezes.empty());
  EXPECT_EQ(bench.core.state().counts.at("d0").probes.at(kProbe).match, runs_before);
  EXPECT_EQ(bench.core.state().counts.at("d0").probes.at(kProbe).mismatch, 0u);
  const FleetSummary sum = summarise(bench.core.state(), bench.core.options(), bench.now);
  EXPECT_EQ(sum.findings, 0u);
  EXPECT_EQ(sum.quarantined, 0u);
  EXPECT_EQ(sum.quarantined_drill, 6u);
  EXPECT_EQ(sum.quarantines_last_day, 0u);
}

TEST(Drill, IsBoundByTheEvidence) {
  FleetBench bench;
  Incident planted = drill(bench, "inc-0", "d0", Verdict::kConfirmedUnit);
  planted.steps[1].mismatches = 0;
  bench.send_incident(planted);
  EXPECT_TRUE(bench.decisions(DecisionKind::kQuarantine).empty());
}

TEST(Drill, ABlindComparatorIsFoundInADrillToo) {
  FleetBench bench;
  bench.populate(1);
  bench.send_units("d0", {blind()}, Synthetic::kDrill);
  EXPECT_EQ(bench.state("d0"), DeviceState::kQuarantined);
  EXPECT_TRUE(bench.at("d0").shown_is_synthetic());
  EXPECT_EQ(bench.at("d0").blind_observations, 0u);
}

TEST(Drill, CannotHideARealFinding) {
  FleetBench bench;
  bench.populate(3);
  bench.send_incident(drill(bench, "inc-drill", "d0", Verdict::kConfirmedUnit));
  bench.send_incident(bench.incident("inc-real", "d0", Verdict::kConfirmedUnit, 1));
  EXPECT_EQ(bench.state("d0"), DeviceState::kQuarantined);
  EXPECT_FALSE(bench.at("d0").shown_is_synthetic());
  EXPECT_EQ(bench.decisions(DecisionKind::kQuarantine).size(), 2u);
}

TEST(Drill, ReleaseEndsItAndUndrainsWithTheDrillHook) {
  FleetBench bench;
  bench.populate(1);
  bench.send_incident(drill(bench, "inc-drill", "d0", Verdict::kConfirmedUnit));
  ASSERT_TRUE(bench.step(OperatorRelease{"d0", "ann", "drill over"}).status.ok());
  EXPECT_EQ(bench.state("d0"), DeviceState::kInService);
  EXPECT_EQ(bench.at("d0").drill, Standing{});
  ASSERT_EQ(bench.started().size(), 2u);
  EXPECT_EQ(bench.started().back().action, HookAction::kUndrain);
  EXPECT_TRUE(bench.started().back().synthetic);
  EXPECT_TRUE(bench.decisions(DecisionKind::kRelease).front().synthetic);
}

TEST(Drill, AnAbandonedOneIsForgottenAfterADay) {
  FleetBench bench;
  bench.populate(1);
  bench.send_incident(drill(bench, "inc-drill", "d0", Verdict::kOpen));
  EXPECT_EQ(bench.state("d0"), DeviceState::kConfirming);
  bench.tick(25h);
  EXPECT_EQ(bench.state("d0"), DeviceState::kInService);
}

TEST(Drill, APlantedControlIsNoIncident) {
  FleetBench bench;
  bench.send_incident(bench.incident("inc-0", "d0", Verdict::kConfirmedUnit, 0, 1, Synthetic::kControl));
  EXPECT_TRUE(bench.core.state().incidents.empty());
  EXPECT_EQ(bench.core.counters().refused_items, 1u);
}

}  // namespace
}  // namespace assay::collector::test
