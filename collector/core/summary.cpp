// SPDX-License-Identifier: Apache-2.0
#include "collector/core/summary.h"

#include <chrono>

#include "collector/core/breaker.h"

namespace assay::collector {
namespace {

void count_devices(const FleetState& state, FleetSummary& sum) {
  for (const auto& [id, record] : state.devices) {
    ++sum.devices;
    ++sum.devices_by_state[static_cast<size_t>(record.shown().state)];
    const DeviceState real = record.real.state;
    if (real == DeviceState::kQuarantined) ++sum.quarantined;
    if (record.drill.state == DeviceState::kQuarantined) ++sum.quarantined_drill;
    if (real == DeviceState::kSuspect || real == DeviceState::kConfirming || real == DeviceState::kQuarantined) ++sum.findings;
  }
  for (const auto& [id, counts] : state.counts) {
    for (const auto& [probe, runs] : counts.probes) {
      sum.runs_match += runs.match;
      sum.runs_mismatch += runs.mismatch;
      sum.runs_inconclusive += runs.inconclusive;
    }
  }
}

void count_incidents(const FleetState& state, WallTime now, FleetSummary& sum) {
  for (const auto& [id, incident] : state.incidents) {
    if (!incident.pending.empty()) ++sum.pending_quarantines;
    if (is_drill(incident.synthetic)) continue;
    if (incident.status == IncidentStatus::kActive && incident.verdict == Verdict::kOpen) ++sum.incidents_open;
    if (incident.received > now - std::chrono::hours{24}) ++sum.incidents_last_day;
  }
}

}  // namespace

FleetSummary summarise(const FleetState& state, const PolicyOptions& options, WallTime now) {
  FleetSummary sum;
  for (const auto& [name, node] : state.nodes) {
    ++sum.nodes;
    if (node.silent) ++sum.nodes_silent;
  }
  count_devices(state, sum);
  count_incidents(state, now, sum);
  for (const auto& [number, hook] : state.hooks) ++(hook.status == HookStatus::kFailed ? sum.hooks_failed : sum.hooks_pending);
  for (const auto& [key, freeze] : state.freezes) sum.freezes.push_back(freeze);
  sum.findings += sum.freezes.size();
  const ScopeLoad load = scope_load(state, kFleetScope, now);
  sum.quarantines_last_day = load.recent_quarantines;
  sum.quarantine_limit = breaker_limit(options, load.devices);
  sum.breaker_open = !state.breaker.open.empty();
  return sum;
}

}  // namespace assay::collector
