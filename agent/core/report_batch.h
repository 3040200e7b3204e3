// SPDX-License-Identifier: Apache-2.0
// What has happened since the last report, kept until the next one is built, and cut so that no report is over the limits of the wire.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <vector>

#include "common/model/report.h"

namespace assay::agent {

// Evidence is never dropped by the spool; rollups are, oldest first, when space is short.
enum class ReportClass : uint8_t { kRollup, kEvidence };
std::string_view to_string(ReportClass report_class);  // "evidence"

// Whether an observation alone makes a report evidence: a mismatch that was not planted as a control.
bool is_evidence(const Observation& observation);

// Not thread-safe.
class ReportBatch {
 public:
  // Estimated bytes of observations and incidents in one report; the wire's limit is twice that, for devices and for estimates that err.
  static constexpr size_t kTargetBytes = 512 * 1024;
  static constexpr uint32_t kTargetObservations = 1024;

  void add(Observation observation);
  void add(AgentFinding finding);
  // A later version of an incident replaces the one that waits.
  void add(const Incident& incident);

  // Whether there is enough for a full report, which should then be built at once.
  bool full() const { return bytes_ >= kTargetBytes || observations_.size() >= kTargetObservations; }
  bool empty() const { return observations_.empty() && incidents_.empty() && findings_.empty(); }

  struct Content {
    std::vector<Observation> observations;
    std::vector<Incident> incidents;
    std::vector<AgentFinding> findings;
    ReportClass report_class = ReportClass::kRollup;
  };
  // As much as fits one report, oldest first; call until empty().
  Content take();

 private:
  std::deque<Observation> observations_;
  std::deque<Incident> incidents_;
  std::deque<AgentFinding> findings_;
  size_t bytes_ = 0;
};

}  // namespace assay::agent
