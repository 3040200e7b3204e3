// SPDX-License-Identifier: Apache-2.0
#include "ctl/replay.h"

#include <gtest/gtest.h>

#include "probes/catalogue/catalogue.h"

namespace assay::ctl {
namespace {

const std::string kRight(32, '1');
const std::string kWrong(32, '2');

std::string incident_json(const std::string& more = "") {
  return R"({"id":"inc-1","node":"node-2","device_id":"cpu-node-2-0","unit":3,"probe":")" + to_string(probes::catalogue()[0].ref) +
         R"(","operand_set":17,"variant":"scalar","verdict":"confirmed_unit","expected":")" + kRight + R"(","actual":")" + kWrong +
         R"(","records":[{"operand_set":17},{"operand_set":21},{"operand_set":99999}])" + more + "}";
}
ReplayPlan plan() { return plan_replay(parse_json_object(incident_json()).value()).value(); }

ProbeReport one_unit(Outcome outcome, Inconclusive reason, const std::vector<DigestGroup>& digests) {
  ProbeReport report;
  UnitReport unit;
  unit.outcome = outcome;
  unit.reason = reason;
  unit.digests = digests;
  for (const DigestGroup& group : digests) unit.runs += group.runs;
  report.units.push_back(unit);
  return report;
}
ReplayReport replayed(const ReplayPlan& plan, const ProbeReport& report) {
  return {plan, "cpu-node-2-0", 3, 5, "scalar", {replayed_set(plan, 17, report)}};
}

TEST(ReplayPlan, TakesTheExactOperandsOnce) {
  const ReplayPlan taken = plan();
  EXPECT_EQ(taken.sets, (std::vector<uint32_t>{17, 21}));
  EXPECT_EQ(taken.unit, 3U);
  EXPECT_EQ(taken.variant, "scalar");
  EXPECT_EQ(to_hex(*taken.actual), kWrong);
}

TEST(ReplayPlan, AsksForTheSameUnitSetAndVariant) {
  Device device;
  device.id = "cpu-node-2-0";
  device.units = {0, 2, 4, 6};
  const auto request = replay_request(plan(), device, 3, 21, 10);
  ASSERT_EQ(request.work.size(), 1U);
  EXPECT_EQ(request.work[0].unit, 3U);
  EXPECT_EQ(request.work[0].first_set, 21U);
  EXPECT_EQ(request.set_count, 1U);
  EXPECT_EQ(request.max_runs, 10U);
  EXPECT_EQ(request.variant, "scalar");
}

TEST(ReplayPlan, RefusesAnotherVersionAndWhatIsNoIncident) {
  const auto refuse = [](std::string_view json) { return plan_replay(parse_json_object(json).value()).error(); };
  EXPECT_EQ(refuse("{}").code, ErrorCode::kCorrupt);
  const std::string other = probes::catalogue()[0].ref.id + "/999";
  EXPECT_EQ(refuse(R"({"id":"i","operand_set":1,"probe":")" + other + "\"}").code, ErrorCode::kUnsupported);
  EXPECT_EQ(refuse(R"({"id":"i","operand_set":1,"probe":"no.such/1"})").code, ErrorCode::kUnsupported);
  EXPECT_EQ(refuse(R"({"id":"i","operand_set":1,"probe":"../../x"})").code, ErrorCode::kInvalid);
}

TEST(Replay, TheSameWrongDigestIsReproductionAndSaidSo) {
  const Digest right = parse_digest(kRight).value();
  const Digest wrong = parse_digest(kWrong).value();
  const ReplayReport report = replayed(plan(), one_unit(Outcome::kMismatch, Inconclusive::kNone, {{17, right, right, 1}, {17, wrong, right, 9}}));
  EXPECT_EQ(report.outcome(), Outcome::kMismatch);
  EXPECT_TRUE(report.sets[0].same_as_incident);
  EXPECT_NE(replay_text(report, {}).find("REPRODUCED on the device of the incident"), std::string::npos);
  EXPECT_NE(replay_text(report, {}).find("the very digest of the incident"), std::string::npos);
}

TEST(Replay, PassingNeverAcquitsTheDeviceItself) {
  const Digest right = parse_digest(kRight).value();
  const ReplayReport report = replayed(plan(), one_unit(Outcome::kMatch, Inconclusive::kNone, {{17, right, right, 10}}));
  EXPECT_EQ(report.outcome(), Outcome::kMatch);
  EXPECT_NE(replay_text(report, {}).find("acquits nothing"), std::string::npos);
}

TEST(Replay, WithoutAGoldenTheIncidentsOwnDigestIsTheMeasure) {
  const Digest wrong = parse_digest(kWrong).value();
  const ReplayReport report = replayed(plan(), one_unit(Outcome::kInconclusive, Inconclusive::kNoGolden, {{17, wrong, std::nullopt, 10}}));
  EXPECT_EQ(report.outcome(), Outcome::kMismatch);
  EXPECT_EQ(report.sets[0].mismatches, 10U);
}

TEST(Replay, AHangReproducesAHangAndNothingElse) {
  ReplayPlan hang = plan();
  EXPECT_EQ(replayed(hang, one_unit(Outcome::kInconclusive, Inconclusive::kHang, {})).outcome(), Outcome::kInconclusive);
  hang.verdict = "hang";
  EXPECT_EQ(replayed(hang, one_unit(Outcome::kInconclusive, Inconclusive::kHang, {})).outcome(), Outcome::kMismatch);
  EXPECT_EQ(replayed(hang, one_unit(Outcome::kInconclusive, Inconclusive::kUnsupported, {})).outcome(), Outcome::kInconclusive);
}

}  // namespace
}  // namespace assay::ctl
