// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "collector/core/rules.h"
#include "tests/unit/collector_core/fleet_bench.h"

namespace assay::collector::test {
namespace {

TEST(IncidentIntake, WalksFromOpenToVerdict) {
  FleetBench bench;
  bench.populate(2);
  bench.send_units("d0", {failure()});
  EXPECT_EQ(bench.state("d0"), DeviceState::kSuspect);
  bench.send_incident(bench.incident("inc-0", "d0", Verdict::kOpen));
  EXPECT_EQ(bench.state("d0"), DeviceState::kConfirming);
  bench.send_units("d0", {failure()});  // retests
  EXPECT_EQ(bench.state("d0"), DeviceState::kConfirming);
  bench.now += 10s;
  bench.send_incident(bench.incident("inc-0", "d0", Verdict::kConfirmedUnit));
  EXPECT_EQ(bench.state("d0"), DeviceState::kQuarantined);
  EXPECT_EQ(bench.notices("incident"), 1u);
  EXPECT_EQ(bench.notices("verdict"), 1u);
}

TEST(IncidentIntake, IgnoresWhatWasOvertakenAndDoesNotReopen) {
  FleetBench bench;
  bench.now += 1min;
  bench.send_incident(bench.incident("inc-0", "d0", Verdict::kUnreproduced));
  Incident old = bench.incident("inc-0", "d0", Verdict::kConfirmedUnit);
  old.updated = bench.now - 30s;
  bench.send_incident(old);
  EXPECT_EQ(bench.view("inc-0").verdict, Verdict::kUnreproduced);
  Incident reopened = bench.incident("inc-0", "d0", Verdict::kOpen);
  reopened.updated = bench.now + 30s;
  bench.send_incident(reopened);
  EXPECT_EQ(bench.view("inc-0").verdict, Verdict::kUnreproduced);
}

TEST(IncidentIntake, RefusesAnIdThatIsTaken) {
  FleetBench bench;
  bench.send_incident(bench.incident("inc-0", "d0", Verdict::kOpen));
  bench.send_incident(bench.incident("inc-0", "d1", Verdict::kConfirmedUnit));
  EXPECT_EQ(bench.view("inc-0").device_id, "d0");
  EXPECT_EQ(bench.state("d1"), DeviceState::kUnknown);
  EXPECT_EQ(bench.notices("refused"), 1u);
}

TEST(IncidentIntake, RefusesForeignNodesAndDevices) {
  FleetBench bench;
  bench.populate(2);
  Report report = bench.report("d0");
  Incident foreign = bench.incident("inc-0", "d1", Verdict::kConfirmedUnit);
  foreign.node = "node-d0";
  report.incidents.push_back(foreign);
  Incident other_node = bench.incident("inc-1", "d0", Verdict::kConfirmedUnit);
  other_node.node = "node-d1";
  report.incidents.push_back(other_node);
  bench.send(report);
  EXPECT_TRUE(bench.core.state().incidents.empty());
  EXPECT_EQ(bench.core.counters().refused_items, 2u);
}

TEST(IncidentIntake, ANodeCannotFloodTheMemory) {
  FleetBench bench;
  for (int i = 0; i < 100; ++i) bench.send_incident(bench.incident(fmt::format("inc-{}", i), "d0", Verdict::kOpen, 1));
  EXPECT_EQ(bench.core.state().incidents.size(), limits::kIncidentsPerDevicePerDay);
  EXPECT_EQ(bench.notices("refused"), 1u);
  bench.now += 25h;
  bench.send_incident(bench.incident("inc-new", "d0", Verdict::kOpen, 1));
  EXPECT_EQ(bench.core.state().incidents.size(), limits::kIncidentsPerDevicePerDay + 1);
}

TEST(IncidentIntake, AProbeSuspectAcquitsTheDevice) {
  FleetBench bench;
  bench.populate(2);
  bench.send_incident(bench.incident("inc-0", "d0", Verdict::kOpen));
  bench.now += 10s;
  bench.send_incident(bench.incident("inc-0", "d0", Verdict::kProbeSuspect));
  EXPECT_EQ(bench.state("d0"), DeviceState::kInService);
}

TEST(IncidentIntake, AnUnreproducedMismatchStaysSuspect) {
  FleetBench bench;
  bench.populate(2);
  bench.send_incident(bench.incident("inc-0", "d0", Verdict::kUnreproduced));
  EXPECT_EQ(bench.state("d0"), DeviceState::kSuspect);
  bench.send_units("d0", {pass()});
  EXPECT_EQ(bench.state("d0"), DeviceState::kSuspect);
  EXPECT_EQ(bench.decisions(DecisionKind::kSuspect).size(), 1u);
}

TEST(IncidentIntake, KeepsTheWholeIncidentForTheStore) {
  FleetBench bench;
  bench.send_incident(bench.incident("inc-0", "d0", Verdict::kOpen));
  ASSERT_EQ(FleetBench::count<SaveIncident>(bench.last), 1u);
  for (const Action& action : bench.last) {
    if (const auto* save = std::get_if<SaveIncident>(&action)) {
      EXPECT_EQ(save->incident, bench.incident("inc-0", "d0", Verdict::kOpen));
      EXPECT_EQ(save->view, bench.view("inc-0"));
    }
  }
}

}  // namespace
}  // namespace assay::collector::test
