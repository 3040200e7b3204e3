// SPDX-License-Identifier: Apache-2.0
#include "agent/status_json.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace assay::agent {
namespace {

using Json = nlohmann::json;

void add_conditions(Json& into, const Conditions& conditions) {
  if (conditions.temperature_celsius) into["temperature_celsius"] = *conditions.temperature_celsius;
  if (conditions.power_watts) into["power_watts"] = *conditions.power_watts;
  if (conditions.clock_hertz) into["clock_hertz"] = *conditions.clock_hertz;
}

Json runs_of(const RunCounters& counters, const std::string& device_id) {
  Json runs{{"match", 0}, {"mismatch", 0}, {"inconclusive", 0}};
  for (const auto& [key, count] : counters.runs) {
    const auto& [device, probe, precision, result] = key;
    if (device == device_id) runs[result] = runs[result].get<uint64_t>() + count;
  }
  for (const auto& [key, count] : counters.synthetic) {  // a drill's runs count here as they do at the collector; controls do not
    const auto& [device, kind, result] = key;
    if (device == device_id && kind == to_string(Synthetic::kDrill)) runs[result] = runs[result].get<uint64_t>() + count;
  }
  return runs;
}

Json bins_json(const std::vector<BinCoverage>& bins) {
  Json list = Json::array();
  for (const BinCoverage& bin : bins) {
    list.push_back({{"bin", to_string(bin.bin)}, {"cells_covered", bin.cells_covered}, {"oldest_cell_age_s", to_seconds(bin.oldest_age)}});
  }
  return list;
}

Json device_json(const std::string& node, const DeviceMetrics& device, const RunCounters& counters) {
  const DeviceStatus& status = device.status;
  Json json{{"id", status.device.id},
            {"node", node},
            {"kind", to_string(status.device.kind)},
            {"model", status.device.model},
            {"architecture", status.device.architecture},
            {"firmware", status.device.firmware},
            {"socket", status.device.socket},
            {"units", status.device.units.size()},
            {"state", to_string(status.state)},
            {"synthetic", device.state_synthetic},
            {"runs", runs_of(counters, status.device.id)},
            {"cells", status.cells},
            {"cells_covered", status.cells_covered},
            {"oldest_cell_age_s", to_seconds(status.oldest_cell_age)},
            {"probe_ratio", status.probe_ratio},
            {"budget_ratio", status.budget_ratio}};
  add_conditions(json, status.conditions);
  if (!device.bins.empty()) json["bins"] = bins_json(device.bins);
  return json;
}

Json incident_json(const Incident& incident) {
  return {{"id", incident.id},
          {"node", incident.node},
          {"device_id", incident.device_id},
          {"unit", incident.unit},
          {"probe", to_string(incident.probe)},
          {"tier", to_string(incident.tier)},
          {"verdict", to_string(incident.verdict)},
          {"synthetic", incident.synthetic != Synthetic::kNone},
          {"opened_unix_ms", to_unix_ms(incident.opened)},
          {"updated_unix_ms", to_unix_ms(incident.updated)}};
}

std::string text(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

}  // namespace

std::string status_json(const std::string& node, const std::string& url, const MetricsSnapshot& snapshot, const std::vector<Incident>& incidents) {
  Json collector{{"url", url}, {"connected", snapshot.link.connected}};
  if (snapshot.link.last_ack) collector["last_ack_unix_ms"] = to_unix_ms(snapshot.link.last_ack->wall);
  if (!snapshot.link.last_error.empty()) collector["last_error"] = snapshot.link.last_error;
  Json devices = Json::array();
  for (const DeviceMetrics& device : snapshot.devices) devices.push_back(device_json(node, device, snapshot.counters));
  Json summaries = Json::array();
  for (const Incident& incident : incidents) summaries.push_back(incident_json(incident));
  return text({{"version", snapshot.version},
               {"node", node},
               {"collector", collector},
               {"spool",
                {{"reports", snapshot.outbox.spool.reports + snapshot.outbox.memory_reports},
                 {"bytes", snapshot.outbox.spool.bytes},
                 {"dropped", snapshot.outbox.spool.dropped + snapshot.outbox.lost_rollups + snapshot.outbox.lost_evidence}}},
               {"devices", devices},
               {"incidents", summaries}});
}

std::string plan_json(const std::string& node, const std::vector<CoveragePlan>& plans) {
  Json devices = Json::array();
  for (const CoveragePlan& plan : plans) {
    Json probes = Json::array();
    for (const ProbePlan& probe : plan.probes) {
      Json variants = Json::array();
      for (const LanePlan& lane : probe.variants) {
        Json one{{"silicon", lane.variant.silicon},
                 {"cells", lane.coverage.cells},
                 {"cells_covered", lane.coverage.cells_covered},
                 {"cells_unsupported", lane.coverage.cells_unsupported},
                 {"slice_s", lane.slice_seconds}};
        if (!lane.variant.name.empty()) one["variant"] = lane.variant.name;
        if (lane.run_seconds) one["run_s"] = *lane.run_seconds;
        if (lane.pass_seconds) one["pass_s"] = *lane.pass_seconds;
        variants.push_back(std::move(one));
      }
      probes.push_back({{"probe", to_string(probe.probe)}, {"tier", to_string(probe.tier)}, {"operand_sets", probe.operand_sets}, {"variants", std::move(variants)}});
    }
    devices.push_back({{"device_id", plan.device_id}, {"units", plan.units}, {"budget_ratio", plan.budget_ratio}, {"probes", std::move(probes)}});
  }
  return text({{"node", node}, {"devices", devices}});
}

std::string node_check_json(const NodeCheck& check) { return text({{"verdict", to_string(check.verdict)}, {"reasons", check.reasons}}); }

std::string run_json(const Observation& observation) {
  if (observation.units.empty()) return error_json(make_error(ErrorCode::kInternal, "the run gave nothing"));
  const UnitResult& unit = observation.units.front();
  Json json{{"outcome", to_string(unit.outcome)},
            {"device_id", observation.device_id},
            {"probe", to_string(observation.probe)},
            {"variant", observation.variant},
            {"synthetic", observation.synthetic != Synthetic::kNone},
            {"unit", unit.unit},
            {"operand_set", unit.first_set},
            {"runs", unit.runs},
            {"mismatches", unit.mismatches},
            {"took_s", to_seconds(observation.took)}};
  if (unit.outcome == Outcome::kInconclusive) json["reason"] = to_string(unit.reason);
  add_conditions(json, observation.conditions);
  Json records = Json::array();
  for (const MismatchRecord& record : unit.records) {
    records.push_back({{"operand_set", record.operand_set},
                       {"step", record.step},
                       {"word_index", record.word_index},
                       {"lane", record.lane},
                       {"expected", fmt::format("{:016x}", record.expected)},
                       {"actual", fmt::format("{:016x}", record.actual)},
                       {"mask", fmt::format("{:016x}", record.mask())},
                       {"reread", fmt::format("{:016x}", record.reread)},
                       {"cpu_before", record.cpu_before},
                       {"cpu_after", record.cpu_after}});
  }
  if (!records.empty()) json["records"] = records;
  return text(json);
}

std::string error_json(const Error& error) {
  return text({{"error", {{"code", to_string(error.code)}, {"message", error.message}}}});
}

}  // namespace assay::agent
