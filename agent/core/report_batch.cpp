// SPDX-License-Identifier: Apache-2.0
#include "agent/core/report_batch.h"

#include <algorithm>

#include "common/model/limits.h"

namespace assay::agent {
namespace {

// Upper estimates of encoded sizes, measured on full values and rounded up.
constexpr size_t kObservationBytes = 256;
constexpr size_t kUnitBytes = 96;
constexpr size_t kRecordBytes = 96;
constexpr size_t kIncidentBytes = 640;
constexpr size_t kStepBytes = 224;
constexpr size_t kFindingBytes = 32;

size_t estimate(const Observation& observation) {
  size_t bytes = kObservationBytes + observation.units.size() * kUnitBytes;
  for (const UnitResult& unit : observation.units) bytes += unit.records.size() * kRecordBytes;
  return bytes;
}

size_t estimate(const Incident& incident) {
  return kIncidentBytes + incident.steps.size() * kStepBytes + incident.records.size() * kRecordBytes;
}

size_t estimate(const AgentFinding& finding) { return kFindingBytes + finding.kind.size() + finding.device_id.size() + finding.text.size(); }

}  // namespace

std::string_view to_string(ReportClass report_class) { return report_class == ReportClass::kEvidence ? "evidence" : "rollup"; }

bool is_evidence(const Observation& observation) {
  return observation.synthetic != Synthetic::kControl &&
         std::any_of(observation.units.begin(), observation.units.end(), [](const UnitResult& unit) { return unit.outcome == Outcome::kMismatch; });
}

void ReportBatch::add(Observation observation) {
  bytes_ += estimate(observation);
  observations_.push_back(std::move(observation));
}

void ReportBatch::add(const Incident& incident) {
  const auto waiting = std::find_if(incidents_.begin(), incidents_.end(), [&](const Incident& other) { return other.id == incident.id; });
  bytes_ += estimate(incident);
  if (waiting == incidents_.end()) {
    incidents_.push_back(incident);
  } else {
    bytes_ -= estimate(*waiting);
    *waiting = incident;
  }
}

void ReportBatch::add(AgentFinding finding) {
  bytes_ += estimate(finding);
  findings_.push_back(std::move(finding));
}

ReportBatch::Content ReportBatch::take() {
  Content content;
  size_t taken = 0;
  while (!findings_.empty() && content.findings.size() < limits::kFindingsPerReport) {
    const size_t size = estimate(findings_.front());
    taken += size;
    bytes_ -= size;
    content.findings.push_back(std::move(findings_.front()));
    findings_.pop_front();
    content.report_class = ReportClass::kEvidence;
  }
  while (!incidents_.empty() && taken < kTargetBytes && content.incidents.size() < limits::kIncidentsPerReport) {
    const size_t size = estimate(incidents_.front());
    taken += size;
    bytes_ -= size;
    content.incidents.push_back(std::move(incidents_.front()));
    incidents_.pop_front();
    content.report_class = ReportClass::kEvidence;
  }
  while (!observations_.empty() && taken < kTargetBytes && content.observations.size() < kTargetObservations) {
    const size_t size = estimate(observations_.front());
    taken += size;
    bytes_ -= size;
    if (is_evidence(observations_.front())) content.report_class = ReportClass::kEvidence;
    content.observations.push_back(std::move(observations_.front()));
    observations_.pop_front();
  }
  return content;
}

}  // namespace assay::agent
