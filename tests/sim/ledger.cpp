// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/ledger.h"

#include <fmt/format.h>

#include "common/model/limits.h"
#include "tests/sim/silicon.h"

namespace assay::sim {

void Ledger::count_truth(const Observation& observation) {
  const auto probes = sim_probes();
  for (size_t probe = 0; probe < probes.size(); ++probe) {
    if (probes[probe].ref != observation.probe || observation.synthetic != Synthetic::kNone) continue;
    for (const UnitResult& unit : observation.units) {
      RunFold right;
      for (uint32_t run = 0; run < unit.runs; ++run) {
        const uint32_t set = operand_set_of_run(unit, run, probes[probe].operand_sets);
        right.add(set, true_digest(probe, set));
      }
      // Of a slice with mismatches the matching runs may count as well; of one whose fold is wrong and that claims none, no run may.
      if (unit.fold == right.value()) {
        right_runs_[observation.device_id] += unit.runs;
      } else if (unit.mismatches > 0) {
        right_runs_[observation.device_id] += unit.runs - unit.mismatches;
      }
    }
  }
}

void Ledger::committed(const ReportKey& key, const Report& report) {
  if (!committed_.insert(key).second) note(fmt::format("report {} {} was applied twice", key.first, key.second));
  for (const Observation& observation : report.observations) count_truth(observation);
}

void Ledger::hook_ran(const collector::HookRecord& hook, bool device_is_bad) {
  const bool excused = sacrificed_.contains(hook.device_id);
  if (!hook.synthetic && !device_is_bad && !excused && hook.action == collector::HookAction::kDrain) {
    note(fmt::format("healthy device {} was drained: {}", hook.device_id, hook.reason));
  }
  if (!hooks_done_.insert(hook.decision).second) note(fmt::format("the hook of decision {} was recorded as done twice", hook.decision));
}

void Ledger::decided(const Decision& decision, bool device_is_bad) {
  if (decision.number != last_decision_ + 1) note(fmt::format("decision {} follows {}", decision.number, last_decision_));
  last_decision_ = decision.number;
  if (decision.kind != DecisionKind::kQuarantine || decision.synthetic) return;
  ++quarantines_;
  if (!device_is_bad) healthy_was_quarantined(decision);
  if (!quarantined_incidents_.insert(decision.incident_id).second) {
    note(fmt::format("incident {} quarantined its device twice", decision.incident_id));
  }
}

void Ledger::healthy_was_quarantined(const Decision& decision) {
  if (wrong_goldens_.contains(decision.probe)) {
    sacrificed_.insert(decision.device_id);
    if (sacrificed_.size() <= limits::kBreakerFloor) return;
  }
  note(fmt::format("healthy device {} was quarantined: {}", decision.device_id, decision.reason));
}

void Ledger::reloaded(const collector::FleetState& loaded, const collector::FleetState& committed) {
  if (!(loaded == committed)) note("what the collector loaded after a restart is not what it had committed");
}

void Ledger::spent(const std::string& device_id, double ratio, double budget_ratio) {
  // Retests run on credit, so a device with an incident may be over for a while; a quiet one may not.
  if (ratio > budget_ratio * 1.001) note(fmt::format("{} spent {:.5f} of its time on probing, budget {:.5f}", device_id, ratio, budget_ratio));
}

void Ledger::finish(const collector::FleetState& state) {
  for (const ReportKey& key : acknowledged_) {
    if (!committed_.contains(key)) note(fmt::format("report {} {} was acknowledged and is lost", key.first, key.second));
  }
  for (const auto& [device_id, counts] : state.counts) {
    uint64_t matches = 0;
    for (const auto& [probe, count] : counts.probes) matches += count.match;
    if (matches > right_runs_[device_id]) {
      note(fmt::format("{}: {} runs count as passes, but only {} were right", device_id, matches, right_runs_[device_id]));
    }
  }
}

}  // namespace assay::sim
