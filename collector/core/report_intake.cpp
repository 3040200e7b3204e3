// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <chrono>

#include <fmt/format.h>

#include "collector/core/rules.h"
#include "common/model/limits.h"

namespace assay::collector {
namespace {

constexpr std::chrono::minutes kSkewWorthSaying{1};
constexpr std::chrono::hours kActiveDevice{24};   // counts towards the devices a node may have

void take_node(Step& step, const Report& report) {
  const auto [entry, is_new] = step.state.nodes.try_emplace(report.node);
  NodeRecord& node = entry->second;
  const auto say = [&](const char* kind, std::string text) { step.note({kind, report.node, "", "", false, std::move(text)}); };
  if (is_new) {
    node.name = report.node;
    node.first_seen = step.now;
    say("node_new", fmt::format("agent {}", report.agent_version));
  } else {
    if (node.silent) say("node_back", fmt::format("after {}", format_span(step.now - node.last_report)));
    if (node.boot_id != report.boot_id) say("node_restarted", "the node has booted since its last report");
    if (report.dropped_reports > node.dropped_reports) {
      say("reports_dropped", fmt::format("{} by the agent's spool", report.dropped_reports - node.dropped_reports));
    }
  }
  node.silent = false;
  node.last_report = step.now;
  node.clock_skew = report.sent.wall - step.now;
  node.boot_id = report.boot_id;
  node.agent_version = report.agent_version;
  node.dropped_reports = report.dropped_reports;
  step.changed(node);
  if (std::chrono::abs(node.clock_skew) > kSkewWorthSaying) {
    step.note_rarely("skew/" + report.node, {"clock_skew", report.node, "", "", false,
                                             fmt::format("the node's clock is {} {}", format_span(std::chrono::abs(node.clock_skew)),
                                                         node.clock_skew > Duration{} ? "ahead" : "behind")});
  }
}

bool may_add_device(Step& step, const std::string& node, const std::string& id) {
  const auto active = std::count_if(step.state.devices.begin(), step.state.devices.end(), [&](const auto& entry) {
    return entry.second.node == node && step.now - entry.second.live.last_report < kActiveDevice;
  });
  if (active < static_cast<int64_t>(limits::kDevicesPerNode)) return true;
  ++step.counters.refused_items;
  step.note_rarely("devices/" + node, {"refused", node, id, "", false,
                                       fmt::format("more than {} devices of one node within a day", limits::kDevicesPerNode)});
  return false;
}

// The history follows the part. Two nodes that name one device at the same time are in conflict: the newcomer is not believed.
bool owns(Step& step, DeviceRecord& device, const std::string& node) {
  if (device.node == node) return true;
  const auto since = step.now - device.live.last_report;
  if (since < limits::kDeviceConflictWindow) {
    ++step.counters.refused_items;
    step.note_rarely(fmt::format("conflict/{}/{}", device.device.id, node),
                     {"device_conflict", node, device.device.id, "", false,
                      fmt::format("{} reported it {} ago; what {} says about it is not taken", device.node, format_span(since), node)});
    return false;
  }
  step.note({"device_moved", node, device.device.id, "", false, fmt::format("from {}", device.node)});
  device.node = node;
  step.changed(device);
  return true;
}

// nullptr when the node may not speak for it.
DeviceRecord* take_device(Step& step, const std::string& node, const DeviceStatus& status) {
  const std::string& id = status.device.id;
  DeviceRecord* device = step.find_device(id);
  if (device == nullptr) {
    if (!may_add_device(step, node, id)) return nullptr;
    device = &step.state.devices[id];
    device->node = node;
    device->device = status.device;
    device->first_seen = step.now;
    device->real.since = step.now;
    step.changed(*device);
    step.note({"device_new", node, id, "", false, fmt::format("{}, {} units", status.device.model, status.device.units.size())});
  } else if (!owns(step, *device, node)) {
    return nullptr;
  } else if (device->device != status.device) {
    step.note_rarely("facts/" + id, {"device_changed", node, id, "", false, "model, firmware, slot or units are not what they were"});
    device->device = status.device;
    step.changed(*device);
  }
  device->live = {step.now, status.state, status.conditions, status.oldest_cell_age, status.cells, status.cells_covered, status.probe_ratio,
                  status.budget_ratio, status.readings};
  step.touched(*device);
  if (status.offers) step.act(SaveOffers{id, step.now, *status.offers});
  return device;
}

// Whether the agent should be told our state. Its own ladder decides between suspect and confirming, and its own first pass brings a
// new one into service (being told wipes what it holds against the device).
bool is_to_be_told(DeviceState ours, DeviceState theirs) {
  const auto is_doubted = [](DeviceState s) { return s == DeviceState::kSuspect || s == DeviceState::kConfirming; };
  if (ours == DeviceState::kUnknown || ours == theirs) return false;
  if (ours == DeviceState::kInService && theirs == DeviceState::kUnknown) return false;
  return !(is_doubted(ours) && is_doubted(theirs));
}

}  // namespace

void on_report(Step& step, const Report& report) {
  ++step.counters.reports;
  for (const auto& [reason, count] : report.skips) step.counters.skipped_slices += count;
  take_node(step, report);

  std::set<std::string> allowed;
  for (const DeviceStatus& status : report.devices) {
    if (take_device(step, report.node, status) != nullptr) allowed.insert(status.device.id);
  }
  on_observations(step, report, allowed);
  for (const Incident& incident : report.incidents) {
    if (incident.node == report.node && allowed.contains(incident.device_id)) {
      on_incident(step, incident, IncidentSource::kAgent);
      continue;
    }
    ++step.counters.refused_items;
    step.note_rarely("foreign/" + report.node, {"refused", report.node, incident.device_id, incident.id, is_drill(incident.synthetic),
                                                "an incident of a node or device the node may not speak for"});
  }
  for (const AgentFinding& finding : report.findings) on_finding(step, report.node, finding, allowed.contains(finding.device_id));
  for (const std::string& id : allowed) {
    const DeviceRecord& device = step.device(id);
    const Standing& shown = device.shown();
    if (!is_to_be_told(shown.state, device.live.agent_state)) continue;
    step.act(SendCommand{report.node, {Command::Kind::kSetState, id, shown.state, shown.decision}});
  }
}

}  // namespace assay::collector
