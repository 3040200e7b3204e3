// SPDX-License-Identifier: Apache-2.0
#include "collector/store/save_rows.h"

#include <fmt/format.h>

#include "collector/store/decision_chain.h"
#include "collector/store/row_codec.h"
#include "common/wire/report_wire.h"

namespace assay::collector {
namespace {

using Range = std::optional<Rollup::Range>;
std::optional<double> low(const Range& range) { return range ? std::optional(range->low) : std::nullopt; }
std::optional<double> high(const Range& range) { return range ? std::optional(range->high) : std::nullopt; }

std::optional<std::string> hex_of(const std::optional<Digest>& digest) { return digest ? std::optional(to_hex(*digest)) : std::nullopt; }
std::optional<std::string> name_of(const std::optional<DecisionKind>& kind) {
  return kind ? std::optional(std::string(to_string(*kind))) : std::nullopt;
}

struct Saver {
  Connection& db;
  const Signer& signer;

  Status operator()(const SaveNode& action) const {
    const NodeRecord& n = action.node;
    return db.run("INSERT OR REPLACE INTO nodes(name, first_seen_ns, last_report_ns, clock_skew_ns, boot_id, agent_version, dropped_reports, silent) "
                  "VALUES(?,?,?,?,?,?,?,?)",
                  n.name, n.first_seen, n.last_report, n.clock_skew, n.boot_id, n.agent_version, n.dropped_reports, n.silent);
  }

  Status operator()(const SaveDevice& action) const {
    const DeviceRecord& r = action.device;
    const Device& d = r.device;
    const DeviceLive& live = r.live;
    return db.run(
        "INSERT OR REPLACE INTO devices(id, node, kind, identity_is_hardware, model, architecture, firmware, socket, units, first_seen_ns, "
        "real_state, real_since_ns, real_incident, real_decision, drill_state, drill_since_ns, drill_incident, drill_decision, "
        "last_quarantine_ns, last_mismatch_ns, blind, blind_drill, controls, controls_missed, last_report_ns, agent_state, "
        "temperature_celsius, power_watts, clock_hertz, oldest_cell_age_ns, cells, cells_covered, probe_ratio, budget_ratio, readings, last_doubt_ns) "
        "VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
        d.id, r.node, to_string(d.kind), d.identity_is_hardware, d.model, d.architecture, d.firmware, d.socket, join_units(d.units), r.first_seen,
        to_string(r.real.state), r.real.since, r.real.incident_id, r.real.decision, to_string(r.drill.state), r.drill.since, r.drill.incident_id,
        r.drill.decision, r.last_quarantine, r.last_mismatch, r.blind_observations, r.blind_drill_observations, r.controls, r.controls_missed,
        live.last_report, to_string(live.agent_state), live.conditions.temperature_celsius, live.conditions.power_watts,
        live.conditions.clock_hertz, live.oldest_cell_age, live.cells, live.cells_covered, live.probe_ratio, live.budget_ratio,
        Blob{wire::encode(live.readings)}, r.last_doubt);
  }

  Status operator()(const TouchDevice& action) const {
    const DeviceLive& live = action.live;
    return db.run("UPDATE devices SET last_report_ns=?, agent_state=?, temperature_celsius=?, power_watts=?, clock_hertz=?, oldest_cell_age_ns=?, "
                  "cells=?, cells_covered=?, probe_ratio=?, budget_ratio=?, readings=? WHERE id=?",
                  live.last_report, to_string(live.agent_state), live.conditions.temperature_celsius, live.conditions.power_watts,
                  live.conditions.clock_hertz, live.oldest_cell_age, live.cells, live.cells_covered, live.probe_ratio, live.budget_ratio,
                  Blob{wire::encode(live.readings)}, action.device_id);
  }

  Status operator()(const SaveOffers& action) const {
    return db.run("INSERT OR REPLACE INTO device_offers(device, updated_ns, body) VALUES(?,?,?)", action.device_id, action.updated,
                  Blob{wire::encode(action.offers)});
  }

  Status operator()(const SaveIncident& action) const {
    const IncidentView& v = action.view;
    return db.run(
        "INSERT OR REPLACE INTO incidents(id, node, device, cohort, unit, probe, version, tier, operand_set, synthetic, verdict, source, status, "
        "actual, opened_agent_ns, updated_agent_ns, received_ns, last_received_ns, recurrence, unproven, pending, decided, last_decision, "
        "variant, body, ran_on_silicon) VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
        v.id, v.node, v.device_id, v.cohort, v.unit, v.probe.id, v.probe.version, to_string(v.tier), v.operand_set, to_string(v.synthetic),
        to_string(v.verdict), to_string(v.source), to_string(v.status), hex_of(v.actual), v.opened, v.updated, v.received, v.last_received,
        v.recurrence, v.unproven, v.pending, v.decided, name_of(v.last_decision), action.incident.variant,
        Blob{wire::encode(action.incident)}, v.ran_on_silicon);
  }

  // The agent's words stay; only what the rules hold about them changes.
  Status operator()(const UpdateIncident& action) const {
    const IncidentView& v = action.view;
    return db.run("UPDATE incidents SET node=?, status=?, recurrence=?, unproven=?, pending=?, decided=?, last_decision=? WHERE id=?", v.node,
                  to_string(v.status), v.recurrence, v.unproven, v.pending, v.decided, name_of(v.last_decision), v.id);
  }

  Status operator()(const SaveObservation& action) const {
    const Observation& o = action.observation;
    return db.run("INSERT INTO observations(node, device, probe, version, synthetic, finding, received_ns, body) VALUES(?,?,?,?,?,?,?,?)",
                  action.node, o.device_id, o.probe.id, o.probe.version, to_string(o.synthetic), action.finding, action.received,
                  Blob{wire::encode(o)});
  }

  Status operator()(const AddRollup& action) const {
    const Rollup& more = action.rollup;
    TRY(add_to_hour(more));
    TRY(db.run("INSERT INTO device_probes(device, probe, version, match, mismatch, inconclusive, last_ns) VALUES(?,?,?,?,?,?,?) "
               "ON CONFLICT DO UPDATE SET match=match+excluded.match, mismatch=mismatch+excluded.mismatch, "
               "inconclusive=inconclusive+excluded.inconclusive, last_ns=max(last_ns, excluded.last_ns)",
               more.device_id, more.probe.id, more.probe.version, more.match, more.mismatch, more.inconclusive, more.last));
    for (const auto& [reason, count] : more.reasons) {
      TRY(db.run("INSERT INTO device_reasons(device, reason, count) VALUES(?,?,?) ON CONFLICT DO UPDATE SET count=count+excluded.count",
                 more.device_id, reason, count));
    }
    return {};
  }

  Status operator()(const RecordDecision& action) const { return append_decision(db, signer, action.decision); }

  Status operator()(const SaveFreeze& action) const {
    const Freeze& f = action.freeze;
    return db.run("INSERT OR REPLACE INTO freezes(probe, version, cohort, since_ns, reason, decision) VALUES(?,?,?,?,?,?)", f.key.probe.id,
                  f.key.probe.version, f.key.cohort, f.since, f.reason, f.decision);
  }
  Status operator()(const EraseFreeze& action) const {
    return db.run("DELETE FROM freezes WHERE probe=? AND version=? AND cohort=?", action.key.probe.id, action.key.probe.version,
                  action.key.cohort);
  }

  Status operator()(const SaveBreaker& action) const {
    TRY(db.run("DELETE FROM breaker_scopes"));
    for (const auto& [scope, since] : action.breaker.open) TRY(db.run("INSERT INTO breaker_scopes(scope, since_ns) VALUES(?,?)", scope, since));
    if (!action.breaker.last_reset) return {};
    return db.run("INSERT OR REPLACE INTO breaker_reset(one, at_ns) VALUES(1,?)", *action.breaker.last_reset);
  }

  Status operator()(const SaveHook& action) const {
    const HookRecord& h = action.hook;
    return db.run("INSERT OR REPLACE INTO hooks(decision, action, node, device, incident, reason, synthetic, closed, probe, version, unit, "
                  "verdict, status, attempts, exit_code, detail, updated_ns) VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
                  h.decision, to_string(h.action), h.node, h.device_id, h.incident_id, h.reason, h.synthetic, h.closed, h.probe.id,
                  h.probe.version, h.unit, to_string(h.verdict), to_string(h.status), h.attempts, h.exit_code, h.detail, h.updated);
  }

  Status operator()(const NoteEvent& action) const {
    const Notice& n = action.notice;
    return db.run("INSERT INTO events(at_ns, kind, node, device, incident, synthetic, text) VALUES(?,?,?,?,?,?,?)", action.at, n.kind, n.node,
                  n.device_id, n.incident_id, n.synthetic, n.text);
  }

  Status operator()(const StartHook&) const { return {}; }
  Status operator()(const SendCommand&) const { return {}; }

 private:
  Status add_to_hour(const Rollup& more) const {
    static const std::string kSelect =
        fmt::format("SELECT {} FROM rollups WHERE device=? AND probe=? AND version=? AND hour=?", kRollupColumns);
    Rollup sum = more;
    {
      Query query = TRY(db.query(kSelect, more.device_id, more.probe.id, more.probe.version, more.hour));
      if (TRY(query.next())) {
        sum = TRY(read_rollup(query));
        merge(sum, more);
      }
    }
    static const std::string kInsert =
        fmt::format("INSERT OR REPLACE INTO rollups({}) VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)", kRollupColumns);
    return db.run(kInsert, sum.device_id, sum.probe.id, sum.probe.version, sum.hour, sum.match, sum.mismatch, sum.inconclusive, sum.rechecked,
                  sum.controls, sum.controls_missed, sum.busy, Blob{sum.units}, join_counts(sum.reasons), low(sum.temperature_celsius),
                  high(sum.temperature_celsius), low(sum.power_watts), high(sum.power_watts), low(sum.clock_hertz), high(sum.clock_hertz),
                  sum.last);
  }
};

}  // namespace

Status save(Connection& connection, const Signer& signer, const Action& action) { return std::visit(Saver{connection, signer}, action); }

}  // namespace assay::collector
