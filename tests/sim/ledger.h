// SPDX-License-Identifier: Apache-2.0
// What truly happened, kept apart from every core, and the promises it is checked against.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "collector/core/fleet_state.h"
#include "common/model/report.h"

namespace assay::sim {

using ReportKey = std::pair<std::string, uint64_t>;   // stream, sequence

// Grows through a run; broken() is empty as long as every promise (ARCHITECTURE.md, "Invariants") that a simulation can see was kept.
class Ledger {
 public:
  // The release ships a wrong golden of this probe: until the guard freezes it, it may cost a few healthy devices (promise 2: a small,
  // fixed share), no more than the breaker's floor.
  void golden_is_wrong(const ProbeRef& probe) { wrong_goldens_.insert(to_string(probe)); }
  // An agent was told that this report is durable.
  void acknowledged(const ReportKey& key) { acknowledged_.insert(key); }
  // The collector committed a report it took for new.
  void committed(const ReportKey& key, const Report& report);
  // A hook ran for a decision.
  void hook_ran(const collector::HookRecord& hook, bool device_is_bad);
  // A decision of the chain was committed.
  void decided(const Decision& decision, bool device_is_bad);
  // The collector restarted: what it loaded against what it had committed.
  void reloaded(const collector::FleetState& loaded, const collector::FleetState& committed);
  // Share of a device's unit-seconds spent on probing at the end, and what was allowed.
  void spent(const std::string& device_id, double ratio, double budget_ratio);
  // At the end.
  void finish(const collector::FleetState& state);
  void note(std::string what) { broken_.push_back(std::move(what)); }

  const std::vector<std::string>& broken() const { return broken_; }
  uint64_t committed_reports() const { return committed_.size(); }
  uint64_t decisions() const { return last_decision_; }
  uint64_t real_quarantines() const { return quarantines_; }

 private:
  void count_truth(const Observation& observation);
  void healthy_was_quarantined(const Decision& decision);

  std::set<ReportKey> acknowledged_;
  std::set<ReportKey> committed_;
  std::map<std::string, uint64_t> right_runs_;      // by device: truly right runs that were reported as such and committed
  std::set<std::string> quarantined_incidents_;
  std::set<uint64_t> hooks_done_;
  std::set<std::string> wrong_goldens_;             // "id/version"
  std::set<std::string> sacrificed_;                // healthy devices quarantined by a wrong golden
  uint64_t last_decision_ = 0;
  uint64_t quarantines_ = 0;
  std::vector<std::string> broken_;
};

}  // namespace assay::sim
