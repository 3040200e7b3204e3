// SPDX-License-Identifier: Apache-2.0
#include "collector/store/load_state.h"

#include <fmt/format.h>

#include "collector/store/row_codec.h"
#include "common/model/limits.h"

namespace assay::collector {
namespace {

ProbeCounts read_counts(Query& row) {
  ProbeCounts counts;
  counts.match = row.count();
  counts.mismatch = row.count();
  counts.inconclusive = row.count();
  counts.last = row.time();
  return counts;
}

Status load_fleet(Connection& db, FleetState& state) {
  Query nodes = TRY(db.query(fmt::format("SELECT {} FROM nodes", kNodeColumns)));
  while (TRY(nodes.next())) {
    NodeRecord node = read_node(nodes);
    state.nodes.emplace(node.name, std::move(node));
  }
  Query devices = TRY(db.query(fmt::format("SELECT {} FROM devices", kDeviceColumns)));
  while (TRY(devices.next())) {
    DeviceRecord record = TRY(read_device(devices));
    state.devices.emplace(record.device.id, std::move(record));
  }
  Query probes = TRY(db.query("SELECT device, probe, version, match, mismatch, inconclusive, last_ns FROM device_probes"));
  while (TRY(probes.next())) {
    DeviceCounts& counts = state.counts[probes.text()];
    const ProbeRef probe = read_probe(probes);
    counts.probes[probe] = read_counts(probes);
  }
  Query reasons = TRY(db.query("SELECT device, reason, count FROM device_reasons"));
  while (TRY(reasons.next())) {
    DeviceCounts& counts = state.counts[reasons.text()];
    const std::string reason = reasons.text();
    counts.inconclusive_by_reason[reason] = reasons.count();
  }
  return {};
}

Status load_incidents(Connection& db, FleetState& state, WallTime now) {
  Query incidents = TRY(db.query(fmt::format("SELECT {} FROM incidents WHERE last_received_ns > ? OR pending != '' "
                                             "OR id IN (SELECT real_incident FROM devices) OR id IN (SELECT drill_incident FROM devices)",
                                             kIncidentColumns),
                                 now - limits::kRecurrenceWindow));
  while (TRY(incidents.next())) {
    IncidentRow row = TRY(read_incident(incidents));
    state.incidents.emplace(row.view.id, std::move(row.view));
  }
  return {};
}

Status load_guards(Connection& db, FleetState& state) {
  Query freezes = TRY(db.query("SELECT probe, version, cohort, since_ns, reason, decision FROM freezes"));
  while (TRY(freezes.next())) {
    Freeze freeze = read_freeze(freezes);
    state.freezes.emplace(freeze.key, std::move(freeze));
  }
  Query scopes = TRY(db.query("SELECT scope, since_ns FROM breaker_scopes"));
  while (TRY(scopes.next())) {
    const std::string scope = scopes.text();
    state.breaker.open[scope] = scopes.time();
  }
  if (const auto reset = TRY(db.integer("SELECT at_ns FROM breaker_reset"))) state.breaker.last_reset = WallTime{Duration{*reset}};
  Query hooks = TRY(db.query(fmt::format("SELECT {} FROM hooks WHERE status='pending' OR (status='failed' AND closed=0)", kHookColumns)));
  while (TRY(hooks.next())) {
    HookRecord hook = TRY(read_hook(hooks));
    state.hooks.emplace(hook.decision, std::move(hook));
  }
  state.last_decision = static_cast<uint64_t>(TRY(db.integer("SELECT max(number) FROM decisions")).value_or(0));
  return {};
}

}  // namespace

Result<FleetState> load_state(Connection& connection, WallTime now) {
  FleetState state;
  TRY(load_fleet(connection, state));
  TRY(load_incidents(connection, state, now));
  TRY(load_guards(connection, state));
  return state;
}

Result<DeviceCounts> load_counts(Connection& connection, const std::string& device) {
  DeviceCounts counts;
  Query probes = TRY(connection.query("SELECT probe, version, match, mismatch, inconclusive, last_ns FROM device_probes WHERE device=?", device));
  while (TRY(probes.next())) {
    const ProbeRef probe = read_probe(probes);
    counts.probes[probe] = read_counts(probes);
  }
  Query reasons = TRY(connection.query("SELECT reason, count FROM device_reasons WHERE device=?", device));
  while (TRY(reasons.next())) {
    const std::string reason = reasons.text();
    counts.inconclusive_by_reason[reason] = reasons.count();
  }
  return counts;
}

}  // namespace assay::collector
