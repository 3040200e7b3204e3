// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include "collector/api/reads.h"
#include "collector/api/shapes.h"
#include "probes/catalogue/catalogue.h"

namespace assay::collector {
namespace {

constexpr uint32_t kIncidentsShown = 100;
constexpr uint32_t kHistoryShown = 1000;

// The rule of three (Hanley, Lippman-Hand, JAMA 1983): with no failure in n runs, 3/n bounds the rate with 95 % confidence.
constexpr double kRuleOfThree = 3.0;

void write_probes(JsonWriter& json, const DeviceCounts& counts) {
  json.begin_list("probes");
  for (const auto& [probe, runs] : counts.probes) {
    json.begin_object().text("probe", to_string(probe));
    if (const ProbeSpec* spec = probes::find_probe(probe.id)) json.text("tier", to_string(spec->tier));
    json.number("runs", runs.match + runs.mismatch)
        .number("mismatches", runs.mismatch)
        .number("inconclusive", runs.inconclusive)
        .number("last_unix_ms", to_unix_ms(runs.last))
        .end_object();
  }
  json.end_list();
}

void write_offers(JsonWriter& json, const std::vector<ProbeOffer>& offers) {
  if (offers.empty()) return;
  json.begin_list("offers");
  for (const ProbeOffer& offer : offers) {
    json.begin_object().text("probe", offer.probe).text("variant", offer.variant).flag("ran_on_silicon", offer.ran_on_silicon).end_object();
  }
  json.end_list();
}

void write_error_bound(JsonWriter& json, const DeviceCounts& counts) {
  uint64_t clean = 0;
  for (const auto& [probe, runs] : counts.probes) {
    if (runs.mismatch != 0) return;
    clean += runs.match;
  }
  if (clean > 0) json.number("error_rate_upper_bound_per_run", std::min(1.0, kRuleOfThree / static_cast<double>(clean)));
}

}  // namespace

Result<std::string> read_devices(ReadContext& context, const net::Request& request, const std::string&) {
  const DeviceFilter filter{query_text(request, "state"), query_text(request, "node")};
  if (!filter.state.empty()) TRY(parse_device_state(filter.state));
  const uint32_t limit = TRY(list_limit(request));
  JsonWriter json;
  json.begin_object().begin_list("devices");
  for (const DeviceRow& row : TRY(context.store.devices(filter, limit))) {
    json.begin_object();
    write_device_members(json, row, context.now);
    json.end_object();
  }
  json.end_list().end_object();
  return json.take();
}

Result<std::string> read_device(ReadContext& context, const net::Request&, const std::string& id) {
  const auto row = TRY(context.store.device(id));
  if (!row) return make_error(ErrorCode::kNotFound, fmt::format("there is no device {}; list them with assayctl device list", id));
  JsonWriter json;
  json.begin_object();
  write_device_members(json, *row, context.now);
  json.begin_list("cpus");
  for (const uint32_t unit : row->record.device.units) json.number({}, unit);
  json.end_list();
  write_readings(json, "readings", row->record.live.readings);
  write_offers(json, TRY(context.store.offers(id)));
  write_probes(json, row->counts);
  json.begin_list("incidents");
  for (const IncidentRow& incident : TRY(context.store.incidents({id, {}, {}}, kIncidentsShown))) {
    json.begin_object();
    write_incident_summary_members(json, incident.view);
    json.end_object();
  }
  json.end_list().begin_list("history");
  for (const Decision& decision : TRY(context.store.decisions_about(id, kHistoryShown))) write_decision(json, {}, decision);
  json.end_list();
  write_error_bound(json, row->counts);
  json.end_object();
  return json.take();
}

}  // namespace assay::collector
