// SPDX-License-Identifier: Apache-2.0
// The JSON shapes of docs/reference/api.md, one function each. Fields are only ever added.
#pragma once

#include <string>
#include <string_view>

#include "collector/api/json_writer.h"
#include "collector/core/fleet_state.h"
#include "collector/store/rows.h"

namespace assay::collector {

// Each writes one object; `key` is empty inside a list. The *_members functions write the members alone, into an open object.
void write_decision(JsonWriter& json, std::string_view key, const Decision& decision);
void write_audit_entry(JsonWriter& json, const AuditEntry& entry);
void write_hook(JsonWriter& json, std::string_view key, const HookRecord& hook);
// The hook of a decision that has none because none is configured.
void write_no_hook(JsonWriter& json, std::string_view key, const Decision& decision);
void write_device_members(JsonWriter& json, const DeviceRow& row, WallTime now);
// Nothing when there are none.
void write_readings(JsonWriter& json, std::string_view key, const AcceleratorReadings& readings);
void write_incident_summary_members(JsonWriter& json, const IncidentView& view);
void write_incident_members(JsonWriter& json, const IncidentDetail& detail);
void write_quarantine(JsonWriter& json, const QuarantineRow& row);
void write_event(JsonWriter& json, const EventRow& row);
void write_token(JsonWriter& json, const TokenRow& row);
void write_certificate(JsonWriter& json, const CertificateRow& row);

// 16 hexadecimal digits.
std::string hex_word(uint64_t word);
// How sure an operator may be of the verdict (docs/reference/api.md): "high", "medium" or "low".
std::string_view confidence(const Incident& incident);
// What to do, in one sentence: that of its verdict, but where a probe without a golden of its own failed again and again, which condemns nothing.
std::string_view advice(const Incident& incident);

}  // namespace assay::collector
