// SPDX-License-Identifier: Apache-2.0
#include "agent/core/report_batch.h"

#include <gtest/gtest.h>

#include "common/model/limits.h"
#include "common/wire/report_wire.h"

namespace assay::agent {
namespace {

Observation observation_with(Outcome outcome, size_t units = 1, size_t records = 0) {
  Observation observation;
  observation.device_id = "cpu-test-0";
  observation.probe = {"alpha.one", 1};
  observation.variant = "avx512";
  for (size_t i = 0; i < units; ++i) {
    UnitResult unit;
    unit.unit = static_cast<uint32_t>(i);
    unit.first_set = 4000;
    unit.set_count = 4096;
    unit.runs = 4'000'000'000U;
    unit.outcome = outcome;
    unit.reason = outcome == Outcome::kInconclusive ? Inconclusive::kHang : Inconclusive::kNone;
    unit.mismatches = outcome == Outcome::kMismatch ? 1 : 0;
    unit.fold = {~0ULL, ~0ULL};
    unit.busy = std::chrono::hours{1};
    unit.records.assign(records, MismatchRecord{4000, ~0U, ~0ULL, ~0U, ~0ULL, ~0ULL, ~0ULL, ~0U, ~0U});
    observation.units.push_back(unit);
  }
  return observation;
}

TEST(ReportBatch, KeepsTheLatestVersionOfAnIncident) {
  ReportBatch batch;
  Incident incident;
  incident.id = "inc-1";
  batch.add(incident);
  incident.verdict = Verdict::kConfirmedUnit;
  batch.add(incident);
  const auto content = batch.take();
  ASSERT_EQ(content.incidents.size(), 1U);
  EXPECT_EQ(content.incidents[0].verdict, Verdict::kConfirmedUnit);
  EXPECT_EQ(content.report_class, ReportClass::kEvidence);
  EXPECT_TRUE(batch.empty());
}

TEST(ReportBatch, OnlyMismatchesAndIncidentsAreEvidence) {
  EXPECT_FALSE(is_evidence(observation_with(Outcome::kMatch)));
  EXPECT_FALSE(is_evidence(observation_with(Outcome::kInconclusive)));
  EXPECT_TRUE(is_evidence(observation_with(Outcome::kMismatch)));
  Observation drill = observation_with(Outcome::kMismatch);
  drill.synthetic = Synthetic::kDrill;
  EXPECT_TRUE(is_evidence(drill));
  Observation control = observation_with(Outcome::kMismatch);
  control.synthetic = Synthetic::kControl;
  EXPECT_FALSE(is_evidence(control)) << "a control that was seen is as it should be";
}

TEST(ReportBatch, CutsWhatDoesNotFitOneReport) {
  ReportBatch batch;
  for (int i = 0; i < 3000; ++i) batch.add(observation_with(Outcome::kMatch));
  EXPECT_TRUE(batch.full());
  size_t total = 0;
  int reports = 0;
  while (!batch.empty()) {
    const auto content = batch.take();
    EXPECT_LE(content.observations.size(), limits::kObservationsPerReport);
    total += content.observations.size();
    ++reports;
  }
  EXPECT_EQ(total, 3000U);
  EXPECT_EQ(reports, 3);
}

TEST(ReportBatch, FindingsAreEvidenceAndNoneIsLostToALimit) {
  ReportBatch batch;
  for (uint32_t i = 0; i <= limits::kFindingsPerReport; ++i) batch.add(AgentFinding{{}, "xid", "GPU-a", std::string(limits::kTextChars, 'x')});
  EXPECT_FALSE(batch.empty());
  const auto first = batch.take();
  EXPECT_EQ(first.report_class, ReportClass::kEvidence);
  EXPECT_EQ(first.findings.size(), limits::kFindingsPerReport);
  EXPECT_EQ(batch.take().findings.size(), 1U);
  EXPECT_TRUE(batch.empty());
}

TEST(ReportBatch, TheFullestReportStaysWithinTheLimitOfTheWire) {
  ReportBatch batch;
  for (int i = 0; i < 400; ++i) batch.add(observation_with(Outcome::kMismatch, 4, limits::kMismatchRecordsPerUnit));
  while (!batch.empty()) {
    Report report;
    report.node = "n1";
    report.stream = "s";
    report.sequence = 1;
    report.boot_id = "b";
    report.agent_version = "1";
    report.observations = batch.take().observations;
    EXPECT_LE(wire::encode(report).size(), limits::kReportBytes);
  }
}

}  // namespace
}  // namespace assay::agent
