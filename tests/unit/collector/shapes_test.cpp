// SPDX-License-Identifier: Apache-2.0
#include "collector/api/shapes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/unit/collector/documented_shapes.h"

namespace assay::collector {
namespace {

using ::testing::IsEmpty;

const WallTime kNow = from_unix_ms(1'800'000'000'000);

DeviceRow device_row() {
  DeviceRow row;
  row.record.device = {"cpu-node-1-s0", DeviceKind::kCpuSocket, false, "Some CPU", "x86_64/x/1/2", "", 0, {0, 2, 4}};
  row.record.node = "node-1";
  row.record.real = {DeviceState::kInService, kNow - std::chrono::hours{1}, "", 0};
  row.record.live.last_report = kNow;
  row.counts.probes[{"gemm.fp64.grid", 1}] = {100, 0, 2, kNow};
  row.counts.inconclusive_by_reason["migrated"] = 2;
  return row;
}

Incident incident() {
  Incident incident;
  incident.id = "inc-1";
  incident.node = "node-1";
  incident.device_id = "cpu-node-1-s0";
  incident.probe = {"gemm.fp64.grid", 1};
  incident.verdict = Verdict::kConfirmedUnit;
  incident.expected = Digest{1, 2};
  incident.actual = Digest{3, 4};
  incident.steps.push_back({Rung::kSameUnit, kNow, "unit 1", 1, 10, 10, Inconclusive::kNone, {50.0, {}, {}}});
  MismatchRecord record;
  record.word_index = 9;
  record.expected = 0x10;
  record.actual = 0x11;
  incident.records.push_back(record);
  record.actual = 0x18;
  incident.records.push_back(record);
  return incident;
}

IncidentDetail detail() {
  IncidentDetail detail;
  detail.incident = incident();
  detail.view.id = "inc-1";
  detail.view.node = "node-1";
  detail.view.probe = {"gemm.fp64.grid", 1};
  detail.view.verdict = Verdict::kConfirmedUnit;
  detail.view.last_decision = DecisionKind::kQuarantine;
  Decision decision;
  decision.number = 3;
  decision.kind = DecisionKind::kQuarantine;
  decision.node = "node-1";
  detail.decisions.push_back(decision);
  return detail;
}

template <typename F>
std::string object_of(F write) {
  JsonWriter json;
  json.begin_object();
  write(json);
  json.end_object();
  return json.take();
}

TEST(Shapes, DeviceIsAsDocumented) {
  DeviceRow row = device_row();
  std::string json = object_of([&](JsonWriter& out) { write_device_members(out, row, kNow); });
  EXPECT_THAT(differences(json, "Device"), IsEmpty());
  EXPECT_EQ(nlohmann::json::parse(json)["runs"]["match"], 100);
  EXPECT_FALSE(nlohmann::json::parse(json).contains("temperature_celsius"));
  row.record.device.firmware = "0x1";
  row.record.live.conditions = {40.0, 100.0, 2e9};
  json = object_of([&](JsonWriter& out) { write_device_members(out, row, kNow); });
  EXPECT_THAT(differences(json, "Device"), IsEmpty());
  EXPECT_EQ(nlohmann::json::parse(json)["clock_hertz"], 2e9);
}

TEST(Shapes, DrillIsShownAsSynthetic) {
  DeviceRow row = device_row();
  row.record.drill = {DeviceState::kQuarantined, kNow, "inc-2", 4};
  const auto json = nlohmann::json::parse(object_of([&](JsonWriter& out) { write_device_members(out, row, kNow); }));
  EXPECT_EQ(json["state"], "quarantined");
  EXPECT_EQ(json["synthetic"], true);
}

TEST(Shapes, IncidentIsAsDocumented) {
  const IncidentDetail whole = detail();
  const std::string text = object_of([&](JsonWriter& out) { write_incident_members(out, whole); });
  EXPECT_THAT(differences(text, "Incident"), IsEmpty());
  const auto json = nlohmann::json::parse(text);
  EXPECT_EQ(json["bits"]["flipped"], (std::vector<int>{0, 3}));
  EXPECT_EQ(json["bits"]["same_mask_share"], 0.5);
  EXPECT_EQ(json["records"][0]["mask"], "0000000000000001");
  EXPECT_EQ(json["confidence"], "high");
  EXPECT_EQ(json["hooks"][0]["status"], "none");
  EXPECT_EQ(json["expected"], "00000000000000010000000000000002");
  EXPECT_THAT(differences(object_of([&](JsonWriter& out) { write_incident_summary_members(out, whole.view); }), "IncidentSummary"), IsEmpty());
}

TEST(Shapes, HangHasNoDigestAndNoBits) {
  IncidentDetail whole = detail();
  whole.incident.verdict = Verdict::kHang;
  whole.incident.actual.reset();
  whole.incident.records.clear();
  const std::string text = object_of([&](JsonWriter& out) { write_incident_members(out, whole); });
  EXPECT_THAT(differences(text, "Incident"), IsEmpty());
  EXPECT_FALSE(nlohmann::json::parse(text).contains("bits"));
  EXPECT_FALSE(nlohmann::json::parse(text).contains("actual"));
}

TEST(Shapes, ConfidenceFollowsVerdictTierAndRetests) {
  Incident subject = incident();
  EXPECT_EQ(confidence(subject), "high");
  subject.tier = GoldenTier::kT3Quorum;
  EXPECT_EQ(confidence(subject), "medium");
  subject.verdict = Verdict::kUnreproduced;
  EXPECT_EQ(confidence(subject), "low");
}

TEST(Shapes, AdviceDoesNotCallAFailureSingleThatRetestsRepeated) {
  Incident subject = incident();
  EXPECT_EQ(advice(subject), recommendation(subject.verdict));
  subject.verdict = Verdict::kUnreproduced;
  EXPECT_EQ(advice(subject), recommendation(Verdict::kUnreproduced)) << "with a golden the verdict says what the retests gave";
  subject.tier = GoldenTier::kT3Quorum;
  EXPECT_NE(advice(subject).find("again and again"), std::string_view::npos);
  std::erase_if(subject.steps, [](const EvidenceStep& step) { return step.rung >= Rung::kSameUnit; });
  EXPECT_EQ(advice(subject), recommendation(Verdict::kUnreproduced));
}

TEST(Shapes, QuarantineIsAsDocumented) {
  QuarantineRow row;
  row.record = device_row().record;
  row.record.real = {DeviceState::kQuarantined, kNow, "inc-1", 3};
  JsonWriter bare;
  write_quarantine(bare, row);
  EXPECT_THAT(differences(bare.str(), "Quarantine"), IsEmpty());
  row.incident = detail().view;
  row.decision = detail().decisions.front();
  row.hook = HookRecord{};
  row.hook->exit_code = 0;
  JsonWriter full;
  write_quarantine(full, row);
  EXPECT_THAT(differences(full.str(), "Quarantine"), IsEmpty());
}

TEST(Shapes, SmallRowsAreAsDocumented) {
  JsonWriter event, token, certificate, audit, decision, hook;
  write_event(event, {1, kNow, {"state", "node-1", "d", "i", true, "text"}});
  EXPECT_THAT(differences(event.str(), "Event"), IsEmpty());
  write_token(token, {"id", "enrol", "any", "node-1", "SECRETHASH", kNow, kNow, true});
  EXPECT_THAT(differences(token.str(), "Token"), IsEmpty());
  EXPECT_EQ(token.str().find("SECRETHASH"), std::string::npos);
  write_certificate(certificate, {"aa", "node-1", "agent", kNow, kNow, true, "lost"});
  EXPECT_THAT(differences(certificate.str(), "Certificate"), IsEmpty());
  write_audit_entry(audit, {detail().decisions.front(), "canonical", "0", "1", "2"});
  EXPECT_THAT(differences(audit.str(), "AuditEntry"), IsEmpty());
  write_decision(decision, {}, detail().decisions.front());
  EXPECT_THAT(differences(decision.str(), "Decision"), IsEmpty());
  write_hook(hook, {}, HookRecord{});
  EXPECT_THAT(differences(hook.str(), "Hook"), IsEmpty());
}

TEST(DocumentedShapes, FindsWhatIsMissingOrExtra) {
  EXPECT_THAT(differences(R"({"serial":"a","name":"b","role":"c","not_after_unix_ms":1,"revoked":false})", "Certificate"), IsEmpty());
  EXPECT_THAT(differences(R"({"serial":"a","name":"b","role":"c","not_after_unix_ms":1,"x":null})", "Certificate"),
              ::testing::UnorderedElementsAre("Certificate.x is not documented", "Certificate.revoked is missing"));
}

}  // namespace
}  // namespace assay::collector
