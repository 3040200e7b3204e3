// SPDX-License-Identifier: Apache-2.0
#include "common/wire/report_wire.h"

#include "common/base/random.h"
#include "common/model/limits.h"
#include "tests/support/sample_report.h"

namespace assay::wire {
namespace {

Status decodes(const Report& report) {
  if (auto back = decode_report(encode(report)); !back) return back.error();
  return {};
}

TEST(Wire, AReportSurvivesTheRoundTripWhole) {
  const Report report = test::sample_report();
  const auto back = decode_report(encode(report));
  ASSERT_TRUE(back.ok()) << back.error().message;
  EXPECT_EQ(encode(*back), encode(report));
  EXPECT_EQ(back->observations, report.observations);
  EXPECT_EQ(back->incidents, report.incidents);
  EXPECT_EQ(back->findings, report.findings);
  EXPECT_EQ(back->skips, report.skips);
  EXPECT_EQ(back->devices[0].device.units, report.devices[0].device.units);
  EXPECT_EQ(back->devices[0].conditions, report.devices[0].conditions);
  EXPECT_EQ(back->devices[0].readings, report.devices[0].readings);
  EXPECT_EQ(back->devices[0].offers, report.devices[0].offers);
}

TEST(Wire, ReadingsAreFewAndCheckedAndStayAbsentWhereTheyAre) {
  EXPECT_EQ(encode(AcceleratorReadings{}), "");
  EXPECT_EQ(decode_readings("").value(), AcceleratorReadings{});
  EXPECT_EQ(decode_readings(encode(test::sample_readings())).value(), test::sample_readings());
  EXPECT_LT(encode(test::sample_readings()).size(), 200U) << "every report has them, for every device";
  AcceleratorReadings readings = test::sample_readings();
  readings.xids.assign(limits::kXidsPerDevice + 1, readings.xids[0]);
  EXPECT_EQ(decode_readings(encode(readings)).error().code, ErrorCode::kLimit);
  readings = test::sample_readings();
  readings.clock_events.assign(limits::kClockEventsPerDevice + 1, "idle");
  EXPECT_EQ(decode_readings(encode(readings)).error().code, ErrorCode::kLimit);
  readings = test::sample_readings();
  readings.clock_events = {"<script>"};
  EXPECT_EQ(decode_readings(encode(readings)).error().code, ErrorCode::kInvalid);
  readings = test::sample_readings();
  readings.power_limit_watts = std::numeric_limits<double>::infinity();
  EXPECT_EQ(decode_readings(encode(readings)).error().code, ErrorCode::kInvalid);
}

TEST(Wire, OffersThatAreNotToldAreNotAnEmptyList) {
  Report report = test::sample_report();
  report.devices[0].offers.reset();
  EXPECT_FALSE(decode_report(encode(report))->devices[0].offers.has_value());
  report.devices[0].offers.emplace();
  ASSERT_TRUE(decode_report(encode(report))->devices[0].offers.has_value());
  report.devices[0].offers->assign(limits::kOffersPerDevice + 1, {"gemm.fp64.grid", "mma", true});
  EXPECT_EQ(decodes(report).error().code, ErrorCode::kLimit);
  report.devices[0].offers = {{"Not A Probe", "mma", true}};
  EXPECT_EQ(decodes(report).error().code, ErrorCode::kInvalid);
}

TEST(Wire, AbsentConditionsStayAbsent) {
  Observation observation = test::sample_observation();
  observation.conditions = {};
  EXPECT_EQ(decode_observation(encode(observation))->conditions, Conditions{});
}

TEST(Wire, AnAcknowledgementSurvivesTheRoundTrip) {
  const ReportAck ack{"s1", 9, true, from_unix_ms(5), {{Command::Kind::kSetState, "cpu-n-s0", DeviceState::kQuarantined, 3}}};
  const auto back = decode_ack(encode(ack));
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(encode(*back), encode(ack));
  EXPECT_EQ(back->commands[0].state, DeviceState::kQuarantined);
}

TEST(Wire, APassWithoutCleanRunsIsRefused) {
  Report report = test::sample_report();
  UnitResult& unit = report.observations[0].units[0];
  unit.outcome = Outcome::kMatch;
  EXPECT_NE(decodes(report).error().message.find("match without clean runs"), std::string::npos);
  unit.mismatches = 0;
  EXPECT_TRUE(decodes(report).ok());
  unit.runs = 0;
  EXPECT_FALSE(decodes(report).ok()) << "zero runs is never a pass";
  unit.outcome = Outcome::kInconclusive;
  EXPECT_FALSE(decodes(report).ok()) << "inconclusive needs a reason";
}

TEST(Wire, LimitsAndNamesAreChecked) {
  Report report = test::sample_report();
  report.node = "two words";
  EXPECT_EQ(decodes(report).error().code, ErrorCode::kInvalid);
  report = test::sample_report();
  report.sequence = 0;
  EXPECT_FALSE(decodes(report).ok());
  report = test::sample_report();
  report.incidents.assign(limits::kIncidentsPerReport + 1, test::sample_incident());
  EXPECT_EQ(decodes(report).error().code, ErrorCode::kLimit);
  report = test::sample_report();
  report.findings.assign(limits::kFindingsPerReport + 1, report.findings[0]);
  EXPECT_EQ(decodes(report).error().code, ErrorCode::kLimit);
  report = test::sample_report();
  report.findings[0].kind = "not a word";
  EXPECT_FALSE(decodes(report).ok());
  report.findings[0].kind = "of_a_later_agent";
  report.findings[0].device_id = "";
  EXPECT_TRUE(decodes(report).ok()) << "an agent may find what its collector does not know";
  report = test::sample_report();
  report.devices[0].conditions.temperature_celsius = std::numeric_limits<double>::quiet_NaN();
  EXPECT_FALSE(decodes(report).ok());
  EXPECT_EQ(decode_report(std::string(limits::kReportBytes + 1, '\0')).error().code, ErrorCode::kLimit);
}

TEST(Wire, UnknownFieldsPassAndUnknownEnumeratorsDoNot) {
  // Field 1000, varint 1: what an agent of a later release might add.
  const std::string newer = encode(test::sample_report()) + std::string("\xC0\x3E\x01", 3);
  EXPECT_TRUE(decode_report(newer).ok());
  Incident incident = test::sample_incident();
  incident.verdict = static_cast<Verdict>(99);
  EXPECT_NE(decode_incident(encode(incident)).error().message.find("verdict"), std::string::npos);
}

TEST(Wire, DamagedBytesNeverCrashAndNeverPassAsWhole) {
  const std::string bytes = encode(test::sample_report());
  Random random(11);
  for (int trial = 0; trial < 3000; ++trial) {
    std::string damaged = bytes.substr(0, random.below(bytes.size() + 1));
    for (uint64_t flips = random.below(4); flips > 0 && !damaged.empty(); --flips) {
      damaged[random.below(damaged.size())] ^= static_cast<char>(1U << random.below(8));
    }
    const auto back = decode_report(damaged);
    EXPECT_TRUE(!back.ok() || !back->node.empty());
  }
}

}  // namespace
}  // namespace assay::wire
