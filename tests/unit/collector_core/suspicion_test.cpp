// SPDX-License-Identifier: Apache-2.0
#include "collector/core/suspicion.h"

#include <gtest/gtest.h>

#include "tests/unit/collector_core/fleet_bench.h"

namespace assay::collector::test {
namespace {

TEST(Suspicion, HalvesInThirtyDaysAndEndsAfterNinety) {
  FleetBench bench;
  bench.populate(1);
  bench.send_incident(bench.incident("inc-0", "d0", Verdict::kUnreproduced));
  EXPECT_NEAR(suspicion(bench.core.state(), bench.at("d0"), bench.now + 30 * 24h), 0.5, 1e-9);
  bench.tick(89 * 24h);
  EXPECT_EQ(bench.state("d0"), DeviceState::kSuspect);
  bench.tick(48h);
  EXPECT_EQ(bench.state("d0"), DeviceState::kInService);
}

TEST(Suspicion, ASecondIndependentMismatchWithinNinetyDaysConfirms) {
  FleetBench bench;
  bench.populate(1);
  bench.send_incident(bench.incident("inc-0", "d0", Verdict::kUnreproduced, 1, 11));
  bench.now += 60 * 24h;
  bench.send_incident(bench.incident("inc-1", "d0", Verdict::kUnreproduced, 2, 12));
  EXPECT_EQ(bench.state("d0"), DeviceState::kQuarantined);
  EXPECT_NE(bench.decisions(DecisionKind::kQuarantine).front().reason.find("second unreproduced"), std::string::npos);
}

TEST(Suspicion, TwoOfOneHourAreOneHappening) {
  FleetBench bench;
  bench.populate(1);
  bench.send_incident(bench.incident("inc-0", "d0", Verdict::kUnreproduced, 1, 11));
  bench.now += 10min;
  bench.send_incident(bench.incident("inc-1", "d0", Verdict::kUnreproduced, 2, 12));
  EXPECT_EQ(bench.state("d0"), DeviceState::kSuspect);
}

TEST(Suspicion, ASecondAfterNinetyDaysStartsAnew) {
  FleetBench bench;
  bench.populate(1);
  bench.send_incident(bench.incident("inc-0", "d0", Verdict::kUnreproduced, 1, 11));
  bench.now += 91 * 24h;
  bench.send_incident(bench.incident("inc-1", "d0", Verdict::kUnreproduced, 2, 12));
  EXPECT_EQ(bench.state("d0"), DeviceState::kSuspect);
}

TEST(Suspicion, AConfirmationThatNeverEndsFallsBackToSuspect) {
  FleetBench bench;
  bench.populate(1);
  bench.send_incident(bench.incident("inc-0", "d0", Verdict::kOpen));
  bench.tick(2h);
  EXPECT_EQ(bench.state("d0"), DeviceState::kConfirming);
  bench.tick(23h);
  EXPECT_EQ(bench.state("d0"), DeviceState::kSuspect);
}

TEST(Suspicion, AProvenFaultDoesNotAge) {
  PolicyOptions options = FleetBench::enforcing();
  options.mode = PolicyMode::kObserve;
  FleetBench bench(options);
  bench.populate(1);
  bench.condemn("d0");
  for (int month = 0; month < 12; ++month) bench.tick(30 * 24h);
  EXPECT_EQ(bench.state("d0"), DeviceState::kConfirming);
}

TEST(Probation, EndsAfterSevenDaysOfReporting) {
  FleetBench bench;
  bench.populate(1);
  bench.condemn("d0");
  bench.step(OperatorRelease{"d0", "ann", "replaced"});
  bench.tick(6 * 24h);
  bench.send(bench.report("d0"));
  bench.tick(1min);
  EXPECT_EQ(bench.state("d0"), DeviceState::kProbation);
  bench.tick(26h);  // the time is over, but the node is silent
  EXPECT_EQ(bench.state("d0"), DeviceState::kProbation);
  bench.send(bench.report("d0"));
  bench.tick(1min);
  EXPECT_EQ(bench.state("d0"), DeviceState::kInService);
}

TEST(Memory, ForgetsOldIncidentsButNotThoseBehindAState) {
  FleetBench bench;
  bench.populate(2);
  bench.condemn("d0");
  bench.send_incident(bench.incident("inc-old", "d1", Verdict::kUnreproduced, 4));
  bench.tick(100 * 24h);
  EXPECT_TRUE(bench.core.state().incidents.contains("inc-d0"));
  EXPECT_FALSE(bench.core.state().incidents.contains("inc-old"));
}

}  // namespace
}  // namespace assay::collector::test
