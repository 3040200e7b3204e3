// SPDX-License-Identifier: Apache-2.0
#include "collector/api/shapes.h"

#include <algorithm>

#include <fmt/format.h>

namespace assay::collector {
namespace {

void write_decision_members(JsonWriter& json, const Decision& decision) {
  json.number("number", decision.number)
      .text("kind", to_string(decision.kind))
      .number("at_unix_ms", to_unix_ms(decision.at))
      .text("actor", decision.actor)
      .text_if("node", decision.node)
      .text_if("device_id", decision.device_id)
      .text_if("incident_id", decision.incident_id)
      .text_if("probe", decision.probe)
      .text("reason", decision.reason)
      .flag("synthetic", decision.synthetic)
      .text("state_after", to_string(decision.state_after));
}

}  // namespace

void write_decision(JsonWriter& json, std::string_view key, const Decision& decision) {
  json.begin_object(key);
  write_decision_members(json, decision);
  json.end_object();
}

void write_audit_entry(JsonWriter& json, const AuditEntry& entry) {
  json.begin_object();
  write_decision_members(json, entry.decision);
  json.text("canonical", entry.canonical)
      .text("previous_hash", entry.previous_hash)
      .text("hash", entry.hash)
      .text("signature", entry.signature)
      .end_object();
}

void write_hook(JsonWriter& json, std::string_view key, const HookRecord& hook) {
  json.begin_object(key)
      .number("decision", hook.decision)
      .text("action", to_string(hook.action))
      .text("status", to_string(hook.status))
      .number("attempts", hook.attempts)
      .number_if("exit_code", hook.exit_code)
      .text("detail", hook.detail)
      .number("updated_unix_ms", to_unix_ms(hook.updated))
      .end_object();
}

void write_no_hook(JsonWriter& json, std::string_view key, const Decision& decision) {
  json.begin_object(key)
      .number("decision", decision.number)
      .text("action", "drain")
      .text("status", "none")
      .number("attempts", 0)
      .text("detail", "no hook is configured for it")
      .number("updated_unix_ms", to_unix_ms(decision.at))
      .end_object();
}

void write_device_members(JsonWriter& json, const DeviceRow& row, WallTime now) {
  const DeviceRecord& record = row.record;
  const Standing& shown = record.shown();
  ProbeCounts sum;
  for (const auto& [probe, counts] : row.counts.probes) {
    sum.match += counts.match;
    sum.mismatch += counts.mismatch;
    sum.inconclusive += counts.inconclusive;
  }
  json.text("id", record.device.id)
      .text("node", record.node)
      .text("kind", to_string(record.device.kind))
      .text("model", record.device.model)
      .text("architecture", record.device.architecture)
      .text_if("firmware", record.device.firmware)
      .number("socket", record.device.socket)
      .number("units", record.device.units.size())
      .text("state", to_string(shown.state))
      .flag("synthetic", record.shown_is_synthetic())
      .number("state_since_unix_ms", to_unix_ms(shown.since));
  json.begin_object("runs").number("match", sum.match).number("mismatch", sum.mismatch).number("inconclusive", sum.inconclusive).end_object();
  json.counts("inconclusive_by_reason", row.counts.inconclusive_by_reason)
      .number("cells", record.live.cells)
      .number("cells_covered", record.live.cells_covered)
      .number("oldest_cell_age_s", to_seconds(record.live.oldest_cell_age))
      .number("probe_ratio", record.live.probe_ratio)
      .number("budget_ratio", record.live.budget_ratio)
      .number_if("temperature_celsius", record.live.conditions.temperature_celsius)
      .number_if("power_watts", record.live.conditions.power_watts)
      .number_if("clock_hertz", record.live.conditions.clock_hertz)
      .number("last_report_unix_ms", to_unix_ms(std::min(record.live.last_report, now)))
      .flag("silent", row.silent)
      .number("clock_skew_s", to_seconds(row.clock_skew));
}

void write_readings(JsonWriter& json, std::string_view key, const AcceleratorReadings& readings) {
  if (readings.empty()) return;
  const auto flag_if = [&](std::string_view name, const std::optional<bool>& value) {
    if (value) json.flag(name, *value);
  };
  json.begin_object(key)
      .number_if("memory_temperature_celsius", readings.memory_temperature_celsius)
      .number_if("power_limit_watts", readings.power_limit_watts)
      .number_if("memory_clock_hertz", readings.memory_clock_hertz);
  json.begin_list("clock_events");
  for (const std::string& event : readings.clock_events) json.text({}, event);
  json.end_list()
      .number_if("ecc_corrected", readings.ecc_corrected)
      .number_if("ecc_uncorrected", readings.ecc_uncorrected)
      .number_if("row_remaps", readings.row_remaps);
  flag_if("row_remap_pending", readings.row_remap_pending);
  flag_if("row_remap_failure", readings.row_remap_failure);
  json.number_if("retired_pages", readings.retired_pages)
      .number_if("pcie_replays", readings.pcie_replays)
      .number_if("nvlink_errors", readings.nvlink_errors)
      .text_if("trouble", readings.trouble)
      .text_if("recovery_action", readings.recovery_action)
      .text_if("driver_version", readings.driver_version);
  json.begin_list("xids");
  for (const XidCount& xid : readings.xids) {
    json.begin_object()
        .number("code", xid.code)
        .text_if("class", xid.xid_class)
        .number("seen", xid.seen)
        .number("last_unix_ms", to_unix_ms(xid.last))
        .end_object();
  }
  json.end_list().end_object();
}

void write_quarantine(JsonWriter& json, const QuarantineRow& row) {
  const Standing& standing = row.synthetic ? row.record.drill : row.record.real;
  json.begin_object()
      .text("device_id", row.record.device.id)
      .text("node", row.record.node)
      .text("state", to_string(standing.state))
      .number("since_unix_ms", to_unix_ms(standing.since))
      .text_if("incident_id", standing.incident_id);
  if (row.incident) {
    json.text("probe", to_string(row.incident->probe)).text("verdict", to_string(row.incident->verdict)).number("unit", row.incident->unit);
  }
  json.text("reason", row.decision ? row.decision->reason : "").flag("synthetic", row.synthetic).number("decision", standing.decision);
  if (row.hook) {
    write_hook(json, "hook", *row.hook);
  } else if (row.decision) {
    write_no_hook(json, "hook", *row.decision);
  }
  json.end_object();
}

void write_event(JsonWriter& json, const EventRow& row) {
  json.begin_object()
      .number("number", row.number)
      .number("at_unix_ms", to_unix_ms(row.at))
      .text("kind", row.notice.kind)
      .text_if("node", row.notice.node)
      .text_if("device_id", row.notice.device_id)
      .text_if("incident_id", row.notice.incident_id)
      .flag("synthetic", row.notice.synthetic)
      .text("text", row.notice.text)
      .end_object();
}

void write_token(JsonWriter& json, const TokenRow& row) {
  json.begin_object()
      .text("id", row.id)
      .text("kind", row.kind)
      .text("name", row.name)
      .text_if("node", row.node)
      .number("created_unix_ms", to_unix_ms(row.created))
      .number("expires_unix_ms", to_unix_ms(row.expires))
      .flag("used", row.used)
      .end_object();
}

void write_certificate(JsonWriter& json, const CertificateRow& row) {
  json.begin_object()
      .text("serial", row.serial)
      .text("name", row.name)
      .text("role", row.role)
      .number("not_after_unix_ms", to_unix_ms(row.not_after))
      .flag("revoked", row.revoked)
      .text_if("revoke_reason", row.revoke_reason)
      .end_object();
}

std::string hex_word(uint64_t word) { return fmt::format("{:016x}", word); }

}  // namespace assay::collector
