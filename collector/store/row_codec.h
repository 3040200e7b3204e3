// SPDX-License-Identifier: Apache-2.0
// Rows to records, shared by loading and reading: column lists and the functions that read them in that order. Included by this folder
// only. A name that is not known reads as kCorrupt: somebody changed the file by hand.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "collector/store/rows.h"
#include "collector/store/statement.h"
#include "common/base/result.h"

namespace assay::collector {

inline constexpr char kNodeColumns[] = "name, first_seen_ns, last_report_ns, clock_skew_ns, boot_id, agent_version, dropped_reports, silent";
NodeRecord read_node(Query& row);

inline constexpr char kDeviceColumns[] =
    "id, node, kind, identity_is_hardware, model, architecture, firmware, socket, units, first_seen_ns, real_state, real_since_ns, "
    "real_incident, real_decision, drill_state, drill_since_ns, drill_incident, drill_decision, last_quarantine_ns, last_mismatch_ns, blind, "
    "blind_drill, controls, controls_missed, last_report_ns, agent_state, temperature_celsius, power_watts, clock_hertz, oldest_cell_age_ns, "
    "cells, cells_covered, probe_ratio, budget_ratio, readings, last_doubt_ns";
Result<DeviceRecord> read_device(Query& row);

inline constexpr char kIncidentColumns[] =
    "id, node, device, cohort, unit, probe, version, tier, operand_set, synthetic, verdict, source, status, actual, opened_agent_ns, "
    "updated_agent_ns, received_ns, last_received_ns, recurrence, unproven, pending, decided, last_decision, variant, ran_on_silicon";
Result<IncidentRow> read_incident(Query& row);

inline constexpr char kDecisionColumns[] = "number, kind, at_ns, actor, node, device, incident, probe, reason, synthetic, state_after";
Result<Decision> read_decision(Query& row);

inline constexpr char kHookColumns[] =
    "decision, action, node, device, incident, reason, synthetic, closed, probe, version, unit, verdict, status, attempts, exit_code, detail, "
    "updated_ns";
Result<HookRecord> read_hook(Query& row);

inline constexpr char kRollupColumns[] =
    "device, probe, version, hour, match, mismatch, inconclusive, rechecked, controls, controls_missed, busy_ns, units, reasons, "
    "temperature_low, temperature_high, power_low, power_high, clock_low, clock_high, last_ns";
Result<Rollup> read_rollup(Query& row);

ProbeRef read_probe(Query& row);
Freeze read_freeze(Query& row);       // probe, version, cohort, since_ns, reason, decision

// "hang=3,migrated=1"
std::string join_counts(const std::map<std::string, uint64_t>& counts);
std::string join_units(const std::vector<uint32_t>& units);

}  // namespace assay::collector
