// SPDX-License-Identifier: Apache-2.0
#include "collector/store/row_codec.h"

#include <fmt/format.h>

#include "common/base/parse.h"
#include "common/wire/report_wire.h"

namespace assay::collector {
namespace {

Error unknown_name(std::string_view what, std::string_view text) {
  return make_error(ErrorCode::kCorrupt, fmt::format("store: '{}' is no {}; restore the file from a backup", text.substr(0, 64), what));
}

// The enumerator of that name, by trying all up to `last`.
template <typename E>
Result<E> named(std::string_view text, E last, std::string_view what) {
  for (uint8_t i = 0; i <= static_cast<uint8_t>(last); ++i) {
    if (to_string(static_cast<E>(i)) == text) return static_cast<E>(i);
  }
  return unknown_name(what, text);
}

Result<DeviceState> state_named(const std::string& text) { return named(text, kLastDeviceState, "device state"); }

Result<Standing> read_standing(Query& row) {
  Standing standing;
  standing.state = TRY(state_named(row.text()));
  standing.since = row.time();
  standing.incident_id = row.text();
  standing.decision = row.count();
  return standing;
}

Result<std::vector<uint32_t>> split_units(const std::string& text) {
  std::vector<uint32_t> units;
  if (text.empty()) return units;
  for (const std::string_view part : split(text, ',')) units.push_back(static_cast<uint32_t>(TRY(parse_u64(part))));
  return units;
}

Result<std::map<std::string, uint64_t>> split_counts(const std::string& text) {
  std::map<std::string, uint64_t> counts;
  if (text.empty()) return counts;
  for (const std::string_view part : split(text, ',')) {
    const size_t equals = part.find('=');
    if (equals == std::string_view::npos) return unknown_name("count", part);
    counts[std::string(part.substr(0, equals))] = TRY(parse_u64(part.substr(equals + 1)));
  }
  return counts;
}

std::optional<Rollup::Range> read_range(Query& row) {
  const auto low = row.optional_real();
  const auto high = row.optional_real();
  if (!low || !high) return std::nullopt;
  return Rollup::Range{*low, *high};
}

}  // namespace

ProbeRef read_probe(Query& row) {
  ProbeRef probe;
  probe.id = row.text();
  probe.version = row.u32();
  return probe;
}

NodeRecord read_node(Query& row) {
  NodeRecord node;
  node.name = row.text();
  node.first_seen = row.time();
  node.last_report = row.time();
  node.clock_skew = row.duration();
  node.boot_id = row.text();
  node.agent_version = row.text();
  node.dropped_reports = row.count();
  node.silent = row.flag();
  return node;
}

Result<DeviceRecord> read_device(Query& row) {
  DeviceRecord record;
  Device& device = record.device;
  device.id = row.text();
  record.node = row.text();
  device.kind = TRY(parse_device_kind(row.text()));
  device.identity_is_hardware = row.flag();
  device.model = row.text();
  device.architecture = row.text();
  device.firmware = row.text();
  device.socket = row.u32();
  device.units = TRY(split_units(row.text()));
  record.first_seen = row.time();
  record.real = TRY(read_standing(row));
  record.drill = TRY(read_standing(row));
  record.last_quarantine = row.optional_time();
  record.last_mismatch = row.optional_time();
  record.blind_observations = row.u32();
  record.blind_drill_observations = row.u32();
  record.controls = row.count();
  record.controls_missed = row.count();
  DeviceLive& live = record.live;
  live.last_report = row.time();
  live.agent_state = TRY(state_named(row.text()));
  live.conditions.temperature_celsius = row.optional_real();
  live.conditions.power_watts = row.optional_real();
  live.conditions.clock_hertz = row.optional_real();
  live.oldest_cell_age = row.duration();
  live.cells = row.count();
  live.cells_covered = row.count();
  live.probe_ratio = row.real();
  live.budget_ratio = row.real();
  live.readings = TRY(wire::decode_readings(row.blob()));
  record.last_doubt = row.optional_time();
  return record;
}

Result<IncidentRow> read_incident(Query& row) {
  IncidentRow out;
  IncidentView& view = out.view;
  view.id = row.text();
  view.node = row.text();
  view.device_id = row.text();
  view.cohort = row.text();
  view.unit = row.u32();
  view.probe = read_probe(row);
  view.tier = TRY(parse_golden_tier(row.text()));
  view.operand_set = row.u32();
  view.synthetic = TRY(named(row.text(), Synthetic::kDrill, "synthetic kind"));
  view.verdict = TRY(named(row.text(), kLastVerdict, "verdict"));
  view.source = TRY(named(row.text(), IncidentSource::kCollector, "incident source"));
  view.status = TRY(named(row.text(), IncidentStatus::kClosed, "incident status"));
  if (const auto actual = row.optional_text()) view.actual = TRY(parse_digest(*actual));
  view.opened = row.time();
  view.updated = row.time();
  view.received = row.time();
  view.last_received = row.time();
  view.recurrence = row.flag();
  view.unproven = row.flag();
  view.pending = row.text();
  view.decided = row.u32();
  if (const auto kind = row.optional_text()) view.last_decision = TRY(named(*kind, kLastDecisionKind, "decision kind"));
  out.variant = row.text();
  view.ran_on_silicon = row.flag();
  return out;
}

Result<Decision> read_decision(Query& row) {
  Decision decision;
  decision.number = row.count();
  decision.kind = TRY(named(row.text(), kLastDecisionKind, "decision kind"));
  decision.at = row.time();
  decision.actor = row.text();
  decision.node = row.text();
  decision.device_id = row.text();
  decision.incident_id = row.text();
  decision.probe = row.text();
  decision.reason = row.text();
  decision.synthetic = row.flag();
  decision.state_after = TRY(state_named(row.text()));
  return decision;
}

Result<HookRecord> read_hook(Query& row) {
  HookRecord hook;
  hook.decision = row.count();
  hook.action = TRY(named(row.text(), HookAction::kUndrain, "hook action"));
  hook.node = row.text();
  hook.device_id = row.text();
  hook.incident_id = row.text();
  hook.reason = row.text();
  hook.synthetic = row.flag();
  hook.closed = row.flag();
  hook.probe = read_probe(row);
  hook.unit = row.u32();
  hook.verdict = TRY(named(row.text(), kLastVerdict, "verdict"));
  hook.status = TRY(named(row.text(), HookStatus::kFailed, "hook status"));
  hook.attempts = row.u32();
  if (const auto code = row.optional_integer()) hook.exit_code = static_cast<int>(*code);
  hook.detail = row.text();
  hook.updated = row.time();
  return hook;
}

Result<Rollup> read_rollup(Query& row) {
  Rollup rollup;
  rollup.device_id = row.text();
  rollup.probe = read_probe(row);
  rollup.hour = row.integer();
  rollup.match = row.count();
  rollup.mismatch = row.count();
  rollup.inconclusive = row.count();
  rollup.rechecked = row.count();
  rollup.controls = row.count();
  rollup.controls_missed = row.count();
  rollup.busy = row.duration();
  rollup.units = row.blob();
  rollup.reasons = TRY(split_counts(row.text()));
  rollup.temperature_celsius = read_range(row);
  rollup.power_watts = read_range(row);
  rollup.clock_hertz = read_range(row);
  rollup.last = row.time();
  return rollup;
}

Freeze read_freeze(Query& row) {
  Freeze freeze;
  freeze.key.probe = read_probe(row);
  freeze.key.cohort = row.text();
  freeze.since = row.time();
  freeze.reason = row.text();
  freeze.decision = row.count();
  return freeze;
}

std::string join_counts(const std::map<std::string, uint64_t>& counts) {
  std::string out;
  for (const auto& [name, count] : counts) out += fmt::format("{}{}={}", out.empty() ? "" : ",", name, count);
  return out;
}

std::string join_units(const std::vector<uint32_t>& units) { return fmt::format("{}", fmt::join(units, ",")); }

}  // namespace assay::collector
