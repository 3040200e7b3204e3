// SPDX-License-Identifier: Apache-2.0
// Each promise of the system against the mishap that would break it, and fleets where everything goes wrong at once.
#include "tests/sim/world.h"

#include "common/base/parse.h"

namespace assay::sim {
namespace {

using namespace std::chrono_literals;

void expect_kept(const Outcome& outcome, const Plan& plan) {
  for (const std::string& broken : outcome.broken) ADD_FAILURE() << broken;
  if (!outcome.broken.empty()) ADD_FAILURE() << "seed " << plan.seed;
}

TEST(Promises, AHealthyFleetOnAGoodNetworkHasNoFinding) {
  Plan plan;
  plan.lose = plan.duplicate = 0;
  const Outcome outcome = run(plan);
  expect_kept(outcome, plan);
  EXPECT_EQ(outcome.decisions, 0U);
  EXPECT_EQ(outcome.incidents, 0U);
  for (const auto& [node, state] : outcome.states) EXPECT_EQ(state, DeviceState::kInService) << node;
}

TEST(Promises, AWrongUnitIsQuarantinedThroughLossAndCrashes) {
  Plan plan;
  plan.bad_units = {{3, 1, -1, 1.0}};
  plan.lose = 0.3;
  plan.agent_crash_every = 3min;
  plan.collector_crash_every = 2min;
  plan.full_disk_every = 5min;
  const Outcome outcome = run(plan);
  expect_kept(outcome, plan);
  EXPECT_EQ(outcome.states.at("sim-3"), DeviceState::kQuarantined);
  EXPECT_EQ(outcome.real_quarantines, 1U);
}

TEST(Promises, ARareFaultInOneProbeIsQuarantinedOrAtLeastSuspect) {
  Plan plan;
  plan.bad_units = {{5, 2, 0, 0.05}};
  const Outcome outcome = run(plan);
  expect_kept(outcome, plan);
  EXPECT_TRUE(outcome.states.at("sim-5") == DeviceState::kQuarantined || outcome.states.at("sim-5") == DeviceState::kSuspect)
      << to_string(outcome.states.at("sim-5"));
}

TEST(Promises, ABlindComparatorCannotVouchForItself) {
  Plan plan;
  plan.blind_nodes = {2};
  const Outcome outcome = run(plan);
  expect_kept(outcome, plan);
  EXPECT_EQ(outcome.states.at("sim-2"), DeviceState::kQuarantined);
}

TEST(Promises, AWrongGoldenFreezesTheProbeAndDrainsNobody) {
  Plan plan;
  plan.nodes = 20;
  plan.bad_goldens = {{0, 5}};
  const Outcome outcome = run(plan);
  expect_kept(outcome, plan);
  EXPECT_EQ(outcome.real_quarantines, 0U);
  EXPECT_GE(outcome.frozen_probes, 1U);
}

TEST(Promises, AGoldenTableDamagedInMemoryAccusesNobody) {
  Plan plan;
  plan.damaged_tables = {4};
  const Outcome outcome = run(plan);
  expect_kept(outcome, plan);
  EXPECT_EQ(outcome.real_quarantines, 0U);
}

TEST(Promises, TheBreakerHoldsWhenManyDevicesFailAtOnce) {
  Plan plan;
  plan.nodes = 24;
  for (uint32_t node = 0; node < 12; ++node) plan.bad_units.push_back({node, 0, -1, 1.0});
  const Outcome outcome = run(plan);
  expect_kept(outcome, plan);
  EXPECT_EQ(outcome.real_quarantines, 3U) << "max(3, 0.5 %) of 24 devices in 24 h";
}

TEST(Promises, ObserveModeDrainsNothing) {
  Plan plan;
  plan.mode = PolicyMode::kObserve;
  plan.bad_units = {{1, 0, -1, 1.0}};
  const Outcome outcome = run(plan);
  expect_kept(outcome, plan);
  EXPECT_EQ(outcome.real_quarantines, 0U);
  EXPECT_GE(outcome.incidents, 1U);
}

TEST(Promises, ClockJumpsChangeNoVerdict) {
  Plan plan;
  plan.clock_jump_every = 20s;
  plan.bad_units = {{7, 1, -1, 1.0}};
  const Outcome outcome = run(plan);
  expect_kept(outcome, plan);
  EXPECT_EQ(outcome.states.at("sim-7"), DeviceState::kQuarantined);
  EXPECT_EQ(outcome.real_quarantines, 1U);
}

TEST(Promises, EqualSeedsGiveEqualRuns) {
  Plan plan = stormy_plan(42);
  plan.length = 5min;
  EXPECT_EQ(run(plan).trace, run(plan).trace);
  Plan other = plan;
  other.seed = 43;
  EXPECT_NE(run(plan).trace, run(other).trace);
}

class Storm : public ::testing::TestWithParam<uint64_t> {};

TEST_P(Storm, EveryPromiseIsKept) {
  Plan plan = stormy_plan(GetParam());
  plan.length = 10min;
  expect_kept(run(plan), plan);
}
INSTANTIATE_TEST_SUITE_P(Seeds, Storm, ::testing::Range<uint64_t>(1, 9));

// The canary: a ledger that cannot find a broken promise proves nothing, so each kind is broken for it on purpose.
TEST(Canary, TheLedgerFindsEachBrokenPromise) {
  Ledger ledger;
  Report report;
  report.stream = "s";
  ledger.committed({"s", 1}, report);
  ledger.committed({"s", 1}, report);
  ledger.acknowledged({"s", 2});
  Decision decision;
  decision.number = 2;
  ledger.decided(decision, false);
  decision.kind = DecisionKind::kQuarantine;
  decision.incident_id = "i";
  for (const bool device_is_bad : {false, true}) {
    ++decision.number;
    ledger.decided(decision, device_is_bad);
  }
  collector::HookRecord hook;
  hook.decision = 3;
  ledger.hook_ran(hook, false);
  ledger.hook_ran(hook, true);
  ledger.spent("d", 0.02, 0.01);
  collector::FleetState state;
  state.counts["d"].probes[{"sim.gemm", 1}].match = 1;
  ledger.reloaded(state, {});
  ledger.finish(state);
  std::string all;
  for (const std::string& broken : ledger.broken()) all += broken + "\n";
  for (const char* words : {"applied twice", "decision 2 follows 0", "healthy device  was quarantined", "quarantined its device twice", "was drained",
                            "done twice", "of its time on probing", "not what it had committed", "acknowledged and is lost", "count as passes"}) {
    EXPECT_NE(all.find(words), std::string::npos) << words << "\nis not in:\n" << all;
  }
}

}  // namespace
}  // namespace assay::sim
