// SPDX-License-Identifier: Apache-2.0
// Model to protobuf.
#include "common/wire/report_wire.h"
#include "common/wire/translation.h"

namespace assay::wire {

void put_digest(const Digest& digest, std::string& out) {
  out.resize(16);
  for (size_t i = 0; i < 8; ++i) {
    out[i] = static_cast<char>(digest.high >> (56 - 8 * i) & 0xFF);
    out[8 + i] = static_cast<char>(digest.low >> (56 - 8 * i) & 0xFF);
  }
}

namespace {

void put(const Conditions& from, v1::Conditions& to) {
  if (from.temperature_celsius) to.set_temperature_celsius(*from.temperature_celsius);
  if (from.power_watts) to.set_power_watts(*from.power_watts);
  if (from.clock_hertz) to.set_clock_hertz(*from.clock_hertz);
}

void put(const DeviceStatus& from, v1::DeviceStatus& to) {
  v1::Device& device = *to.mutable_device();
  device.set_id(from.device.id);
  device.set_kind(static_cast<uint32_t>(from.device.kind));
  device.set_identity_is_hardware(from.device.identity_is_hardware);
  device.set_model(from.device.model);
  device.set_architecture(from.device.architecture);
  device.set_firmware(from.device.firmware);
  device.set_socket(from.device.socket);
  device.mutable_units()->Assign(from.device.units.begin(), from.device.units.end());
  to.set_state(static_cast<uint32_t>(from.state));
  put(from.conditions, *to.mutable_conditions());
  to.set_oldest_cell_age_ns(from.oldest_cell_age.count());
  to.set_cells(from.cells);
  to.set_cells_covered(from.cells_covered);
  to.set_probe_ratio(from.probe_ratio);
  to.set_budget_ratio(from.budget_ratio);
  if (!from.readings.empty()) wire::put(from.readings, *to.mutable_readings());
  if (from.offers) wire::put(*from.offers, *to.mutable_offers());
}

void put(const ProbeRef& from, v1::ProbeRef& to) {
  to.set_id(from.id);
  to.set_version(from.version);
}

void put(const MismatchRecord& from, v1::MismatchRecord& to) {
  to.set_operand_set(from.operand_set);
  to.set_step(from.step);
  to.set_word_index(from.word_index);
  to.set_lane(from.lane);
  to.set_expected(from.expected);
  to.set_actual(from.actual);
  to.set_reread(from.reread);
  to.set_cpu_before(from.cpu_before);
  to.set_cpu_after(from.cpu_after);
}

void put(const UnitResult& from, v1::UnitResult& to) {
  to.set_unit(from.unit);
  to.set_first_set(from.first_set);
  to.set_set_count(from.set_count);
  to.set_runs(from.runs);
  to.set_mismatches(from.mismatches);
  to.set_outcome(static_cast<uint32_t>(from.outcome));
  to.set_reason(static_cast<uint32_t>(from.reason));
  put_digest(from.fold, *to.mutable_fold());
  to.set_busy_ns(from.busy.count());
  for (const MismatchRecord& record : from.records) put(record, *to.add_records());
}

}  // namespace

void put(const Observation& from, v1::Observation& to) {
  to.set_device_id(from.device_id);
  put(from.probe, *to.mutable_probe());
  to.set_variant(from.variant);
  to.set_synthetic(static_cast<uint32_t>(from.synthetic));
  to.set_started_unix_ns(from.started.time_since_epoch().count());
  to.set_took_ns(from.took.count());
  put(from.conditions, *to.mutable_conditions());
  for (const UnitResult& unit : from.units) put(unit, *to.add_units());
}

namespace {

void put(const EvidenceStep& from, v1::EvidenceStep& to) {
  to.set_rung(static_cast<uint32_t>(from.rung));
  to.set_at_unix_ns(from.at.time_since_epoch().count());
  to.set_detail(from.detail);
  to.set_unit(from.unit);
  to.set_runs(from.runs);
  to.set_mismatches(from.mismatches);
  to.set_reason(static_cast<uint32_t>(from.reason));
  put(from.conditions, *to.mutable_conditions());
}

}  // namespace

void put(const Incident& from, v1::Incident& to) {
  to.set_id(from.id);
  to.set_node(from.node);
  to.set_device_id(from.device_id);
  to.set_unit(from.unit);
  put(from.probe, *to.mutable_probe());
  to.set_tier(static_cast<uint32_t>(from.tier));
  to.set_operand_set(from.operand_set);
  to.set_variant(from.variant);
  to.set_synthetic(static_cast<uint32_t>(from.synthetic));
  to.set_verdict(static_cast<uint32_t>(from.verdict));
  to.set_opened_unix_ns(from.opened.time_since_epoch().count());
  to.set_updated_unix_ns(from.updated.time_since_epoch().count());
  if (from.expected) put_digest(*from.expected, *to.mutable_expected());
  if (from.actual) put_digest(*from.actual, *to.mutable_actual());
  for (const EvidenceStep& step : from.steps) put(step, *to.add_steps());
  for (const MismatchRecord& record : from.records) put(record, *to.add_records());
  to.set_ran_on_silicon(from.ran_on_silicon);
}

static void put(const AgentFinding& from, v1::Finding& to) {
  to.set_at_unix_ns(from.at.time_since_epoch().count());
  to.set_kind(from.kind);
  to.set_device_id(from.device_id);
  to.set_text(from.text);
  to.set_suspects(from.suspects);
}

void put(const Report& from, v1::Report& to) {
  to.set_node(from.node);
  to.set_stream(from.stream);
  to.set_sequence(from.sequence);
  to.set_boot_id(from.boot_id);
  to.set_agent_version(from.agent_version);
  to.set_sent_unix_ns(from.sent.wall.time_since_epoch().count());
  to.set_sent_boottime_ns(from.sent.mono.time_since_epoch().count());
  for (const DeviceStatus& status : from.devices) put(status, *to.add_devices());
  for (const Observation& observation : from.observations) put(observation, *to.add_observations());
  for (const Incident& incident : from.incidents) put(incident, *to.add_incidents());
  for (const auto& [reason, count] : from.skips) (*to.mutable_skips())[reason] = count;
  to.set_dropped_reports(from.dropped_reports);
  for (const AgentFinding& finding : from.findings) put(finding, *to.add_findings());
}

void put(const ReportAck& from, v1::ReportAck& to) {
  to.set_stream(from.stream);
  to.set_sequence(from.sequence);
  to.set_duplicate(from.duplicate);
  to.set_collector_unix_ns(from.collector_time.time_since_epoch().count());
  for (const Command& command : from.commands) {
    v1::Command& out = *to.add_commands();
    out.set_kind(static_cast<uint32_t>(command.kind));
    out.set_device_id(command.device_id);
    out.set_state(static_cast<uint32_t>(command.state));
    out.set_decision(command.decision);
  }
}

}  // namespace assay::wire
