// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/unit/collector_core/fleet_bench.h"

namespace assay::collector::test {
namespace {

std::vector<Command> commands(const std::vector<Action>& actions) {
  std::vector<Command> out;
  for (const Action& action : actions) {
    if (const auto* send = std::get_if<SendCommand>(&action)) out.push_back(send->command);
  }
  return out;
}

TEST(ReportIntake, AFirstPassBringsADeviceIntoService) {
  FleetBench bench;
  bench.send(bench.report("d0"));
  EXPECT_EQ(bench.state("d0"), DeviceState::kUnknown);
  bench.send_units("d0", {nothing(Inconclusive::kUnsupported)});
  EXPECT_EQ(bench.state("d0"), DeviceState::kUnknown);
  bench.send_units("d0", {pass()});
  EXPECT_EQ(bench.state("d0"), DeviceState::kInService);
  EXPECT_EQ(bench.notices("device_new"), 1u);
  EXPECT_EQ(bench.notices("node_new"), 1u);
}

TEST(ReportIntake, AClaimOfAPassWithoutARunIsNoPass) {
  FleetBench bench;
  UnitResult empty = pass();
  empty.runs = 0;
  bench.send_units("d0", {empty});
  EXPECT_EQ(bench.state("d0"), DeviceState::kUnknown);
  EXPECT_EQ(bench.core.state().counts.at("d0").inconclusive_by_reason.at("not_executed"), 1u);
}

TEST(ReportIntake, HistoryFollowsThePart) {
  FleetBench bench;
  bench.send_units("d0", {pass()});
  bench.now += 1h;
  bench.send(bench.report("node-new", {"d0"}));
  EXPECT_EQ(bench.at("d0").node, "node-new");
  EXPECT_EQ(bench.state("d0"), DeviceState::kInService);
  EXPECT_EQ(bench.notices("device_moved"), 1u);
}

TEST(ReportIntake, TwoNodesThatNameOneDeviceAtOnceAreInConflict) {
  FleetBench bench;
  bench.send_units("d0", {pass()});
  for (int i = 0; i < 3; ++i) {
    bench.now += 30s;
    Report impostor = bench.report("node-liar", {"d0"});
    impostor.observations.push_back(observation("d0", {failure()}));
    Incident accused = bench.incident("inc-0", "d0", Verdict::kConfirmedUnit);
    accused.node = "node-liar";
    impostor.incidents.push_back(accused);
    bench.send(impostor);
  }
  EXPECT_EQ(bench.at("d0").node, "node-d0");
  EXPECT_EQ(bench.state("d0"), DeviceState::kInService);
  EXPECT_TRUE(bench.core.state().incidents.empty());
  EXPECT_EQ(bench.notices("device_conflict"), 1u);  // said once, not with every report
}

TEST(ReportIntake, AFindingOfAnAgentIsALineOfTheDiaryAndMovesNoState) {
  FleetBench bench;
  bench.send_units("d0", {pass()});
  Report report = bench.report("node-d0", {"d0"});
  report.findings = {{bench.now, "xid", "d0", "xid=79"}, {bench.now, "hung_driver_call", "somebody-elses", "call=nvmlInit_v2"}};
  bench.send(report);
  EXPECT_EQ(bench.state("d0"), DeviceState::kInService);
  std::vector<Notice> notices;
  for (const Action& action : bench.last) {
    if (const auto* note = std::get_if<NoteEvent>(&action)) notices.push_back(note->notice);
  }
  ASSERT_EQ(notices.size(), 2U);
  EXPECT_EQ(notices[0], (Notice{"finding", "node-d0", "d0", "", false, "xid xid=79"}));
  EXPECT_EQ(notices[1], (Notice{"finding", "node-d0", "", "", false, "hung_driver_call call=nvmlInit_v2"})) << "no word about a device of others";
}

TEST(ReportIntake, AFindingAgainstTheHardwareMakesADeviceSuspectAndNeverMore) {
  FleetBench bench;
  bench.send_units("d0", {pass()});
  const auto find = [&](const char* text) {
    Report report = bench.report("node-d0", {"d0"});
    report.findings = {{bench.now, "xid", "d0", text, true}};
    bench.send(report);
  };
  find("xid=48");
  EXPECT_EQ(bench.state("d0"), DeviceState::kSuspect);
  ASSERT_EQ(bench.decisions(DecisionKind::kSuspect).size(), 1U);
  EXPECT_EQ(bench.decisions(DecisionKind::kSuspect)[0].reason, "xid puts its hardware in doubt; it is probed more often for 7 days");
  EXPECT_EQ(FleetBench::count<SendCommand>(bench.last), 1U) << "the agent is told, and probes more often";
  for (int i = 0; i < 50; ++i) find("xid=48");
  EXPECT_EQ(bench.state("d0"), DeviceState::kSuspect) << "however often it is said";
  EXPECT_EQ(bench.decisions(DecisionKind::kSuspect).size(), 1U);
  EXPECT_TRUE(bench.decisions(DecisionKind::kQuarantine).empty());
  EXPECT_TRUE(bench.started().empty());
}

TEST(ReportIntake, SuspicionOfTelemetryEndsAWeekAfterTheLastFinding) {
  FleetBench bench;
  bench.send_units("d0", {pass()});
  const auto find = [&] {
    Report report = bench.report("node-d0", {"d0"});
    report.findings = {{bench.now, "gpu_errors", "d0", "row_remap_failure", true}};
    bench.send(report);
  };
  find();
  bench.tick(24h * 5);
  find();
  bench.tick(24h * 5);
  EXPECT_EQ(bench.state("d0"), DeviceState::kSuspect);
  bench.send_units("d0", {pass()});
  bench.tick(24h * 2 + 1h);
  EXPECT_EQ(bench.state("d0"), DeviceState::kInService);
}

TEST(ReportIntake, AMismatchStaysASuspicionOfItsOwnBesideTelemetry) {
  FleetBench bench;
  bench.send_units("d0", {pass()});
  bench.send_units("d0", {failure()});
  Report report = bench.report("node-d0", {"d0"});
  report.findings = {{bench.now, "xid", "d0", "xid=48", true}};
  bench.send(report);
  bench.tick(24h * 30);
  EXPECT_EQ(bench.state("d0"), DeviceState::kSuspect) << "a wrong answer ages by its half-life";
}

TEST(ReportIntake, AFindingDisturbsNeitherALadderNorAQuarantine) {
  FleetBench bench;
  bench.populate(3);
  bench.send_incident(bench.incident("inc-d0", "d0", Verdict::kOpen));
  ASSERT_EQ(bench.state("d0"), DeviceState::kConfirming);
  bench.condemn("d1");
  ASSERT_EQ(bench.state("d1"), DeviceState::kQuarantined);
  for (const char* id : {"d0", "d1"}) {
    Report report = bench.report(id);
    report.findings = {{bench.now, "xid", id, "xid=48", true}};
    bench.send(report);
  }
  EXPECT_EQ(bench.state("d0"), DeviceState::kConfirming);
  EXPECT_EQ(bench.state("d1"), DeviceState::kQuarantined);
}

TEST(ReportIntake, AFindingAboutADeviceOfOthersMovesNothing) {
  FleetBench bench;
  bench.populate(2);
  Report report = bench.report("d0");
  report.findings = {{bench.now, "xid", "d1", "xid=48", true}};
  bench.send(report);
  EXPECT_EQ(bench.state("d1"), DeviceState::kInService);
}

TEST(ReportIntake, ReadingsAreTheLatestAndOffersAreKeptWhereTheyAreTold) {
  FleetBench bench;
  Report report = bench.report("node-d0", {"d0"});
  report.devices[0].readings.ecc_corrected = 3;
  report.devices[0].offers = {{kProbe.id, "mma", false}};
  bench.send(report);
  EXPECT_EQ(bench.at("d0").live.readings.ecc_corrected, 3U);
  EXPECT_EQ(FleetBench::count<SaveOffers>(bench.last), 1U);
  report = bench.report("node-d0", {"d0"});
  bench.send(report);
  EXPECT_FALSE(bench.at("d0").live.readings.ecc_corrected.has_value()) << "what is not read any more is not shown as if it were";
  EXPECT_EQ(FleetBench::count<SaveOffers>(bench.last), 0U);
}

TEST(ReportIntake, ANodeHasALimitedNumberOfDevices) {
  FleetBench bench;
  for (int batch = 0; batch < 3; ++batch) {
    std::vector<std::string> ids;
    for (int i = 0; i < 40; ++i) ids.push_back(fmt::format("x{}-{}", batch, i));
    bench.send(bench.report("node-many", ids));
  }
  EXPECT_EQ(bench.core.state().devices.size(), limits::kDevicesPerNode);
}

TEST(ReportIntake, SilenceIsNotedOnceAndEndsWithAReport) {
  FleetBench bench;
  bench.populate(1);
  bench.tick(30s);
  EXPECT_EQ(bench.notices("node_silent"), 0u);
  bench.tick(2min);
  bench.tick(2min);
  EXPECT_EQ(bench.notices("node_silent"), 1u);
  bench.send(bench.report("d0"));
  EXPECT_EQ(bench.notices("node_back"), 1u);
  EXPECT_FALSE(bench.core.state().nodes.at("node-d0").silent);
}

TEST(ReportIntake, MeasuresSkewAndDecidesByItsOwnClock) {
  FleetBench bench;
  Report ahead = bench.report("d0");
  ahead.sent.wall = bench.now + 2h;
  bench.send(ahead);
  EXPECT_EQ(bench.core.state().nodes.at("node-d0").clock_skew, 2h);
  EXPECT_EQ(bench.at("d0").live.last_report, bench.now);
  EXPECT_EQ(bench.notices("clock_skew"), 1u);
}

TEST(ReportIntake, RepeatsItsWordUntilTheAgentHasHeard) {
  FleetBench bench;
  bench.populate(1);
  bench.condemn("d0");
  ASSERT_EQ(commands(bench.last).size(), 1u);
  EXPECT_EQ(commands(bench.last).front().state, DeviceState::kQuarantined);
  EXPECT_EQ(commands(bench.last).front().decision, 1u);
  bench.send(bench.report("d0"));
  EXPECT_EQ(commands(bench.last).size(), 1u);
  Report heard = bench.report("d0");
  heard.devices[0].state = DeviceState::kQuarantined;
  bench.send(heard);
  EXPECT_TRUE(commands(bench.last).empty());
}

TEST(ReportIntake, LeavesTheLadderAndTheFirstPassToTheAgent) {
  FleetBench bench;
  bench.populate(1);
  bench.send(bench.report("d0"));  // the agent says unknown
  EXPECT_TRUE(commands(bench.last).empty());
  Report climbing = bench.report("d0");
  climbing.observations.push_back(observation("d0", {failure()}));
  climbing.devices[0].state = DeviceState::kConfirming;
  bench.send(climbing);
  EXPECT_EQ(bench.state("d0"), DeviceState::kSuspect);
  EXPECT_TRUE(commands(bench.last).empty());
}

TEST(ReportIntake, RollsUpPassesAndKeepsFindingsWhole) {
  FleetBench bench;
  Report report = bench.report("d0");
  report.observations.push_back(observation("d0", {pass(0), pass(9)}));
  report.observations.push_back(observation("d0", {pass(1)}));
  report.observations.push_back(observation("d0", {nothing(Inconclusive::kHang)}));
  bench.send(report);
  EXPECT_EQ(FleetBench::count<AddRollup>(bench.last), 1u);
  EXPECT_EQ(FleetBench::count<SaveObservation>(bench.last), 1u);
  for (const Action& action : bench.last) {
    const auto* add = std::get_if<AddRollup>(&action);
    if (add == nullptr) continue;
    EXPECT_EQ(add->rollup.match, 12u);
    EXPECT_EQ(add->rollup.rechecked, 12u);
    EXPECT_EQ(add->rollup.units, std::string("\x03\x02", 2));
    EXPECT_EQ(add->rollup.temperature_celsius->high, 50.0);
  }
}

TEST(ReportIntake, RefusesObservationsOfDevicesItDidNotList) {
  FleetBench bench;
  bench.populate(1);
  Report report = bench.report("node-x", {"x"});
  report.observations.push_back(observation("d0", {failure()}));
  bench.send(report);
  EXPECT_EQ(bench.state("d0"), DeviceState::kInService);
  EXPECT_EQ(bench.core.counters().refused_items, 1u);
}

}  // namespace
}  // namespace assay::collector::test
