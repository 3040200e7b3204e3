// SPDX-License-Identifier: Apache-2.0
#include "collector/api/json_writer.h"
#include "collector/api/reads.h"
#include "assay_version.h"

namespace assay::collector {
namespace {

void write_quarantine_counts(JsonWriter& json, const FleetSummary& fleet) {
  json.begin_object("quarantine")
      .number("active", fleet.quarantined)
      .number("synthetic", fleet.quarantined_drill)
      .number("last_24h", fleet.quarantines_last_day)
      .number("limit_24h", fleet.quarantine_limit)
      .number("waiting", fleet.pending_quarantines)
      .text("breaker", fleet.breaker_open ? "open" : "closed")
      .end_object();
}

void write_freezes(JsonWriter& json, const FleetSummary& fleet) {
  json.begin_list("frozen_probes");
  for (const Freeze& freeze : fleet.freezes) {
    json.begin_object()
        .text("probe", to_string(freeze.key.probe))
        .text("cohort", freeze.key.cohort)
        .number("since_unix_ms", to_unix_ms(freeze.since))
        .text("reason", freeze.reason)
        .end_object();
  }
  json.end_list();
}

}  // namespace

Result<std::string> read_status(ReadContext& context, const net::Request&, const std::string&) {
  const FleetSummary& fleet = context.fleet.summary;
  JsonWriter json;
  json.begin_object()
      .text("version", kVersion)
      .number("time_unix_ms", to_unix_ms(context.now))
      .number("started_unix_ms", to_unix_ms(context.started))
      .text("mode", to_string(context.fleet.options.mode));
  json.begin_object("nodes")
      .number("total", fleet.nodes)
      .number("reporting", fleet.nodes - fleet.nodes_silent)
      .number("silent", fleet.nodes_silent)
      .end_object();
  json.begin_object("devices").number("total", fleet.devices).begin_object("by_state");
  for (size_t i = 0; i < kDeviceStates; ++i) json.number(to_string(static_cast<DeviceState>(i)), fleet.devices_by_state[i]);
  json.end_object().end_object();
  json.begin_object("runs")
      .number("match", fleet.runs_match)
      .number("mismatch", fleet.runs_mismatch)
      .number("inconclusive", fleet.runs_inconclusive)
      .end_object();
  json.begin_object("incidents").number("open", fleet.incidents_open).number("last_24h", fleet.incidents_last_day).end_object();
  write_quarantine_counts(json, fleet);
  write_freezes(json, fleet);
  json.begin_object("hooks").number("pending", fleet.hooks_pending).number("failed", fleet.hooks_failed).end_object();
  json.number("findings", fleet.findings).end_object();
  return json.take();
}

}  // namespace assay::collector
