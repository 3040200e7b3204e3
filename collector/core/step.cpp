// SPDX-License-Identifier: Apache-2.0
#include "collector/core/step.h"

#include <iterator>

#include <fmt/format.h>

#include "common/base/check.h"

namespace assay::collector {
namespace {

constexpr std::chrono::hours kSayAgain{1};

}  // namespace

DeviceRecord& Step::device(const std::string& id) {
  DeviceRecord* found = find_device(id);
  ASSAY_CHECK(found != nullptr);
  return *found;
}

DeviceRecord* Step::find_device(const std::string& id) {
  const auto found = state.devices.find(id);
  return found == state.devices.end() ? nullptr : &found->second;
}

IncidentView* Step::find_incident(const std::string& id) {
  const auto found = state.incidents.find(id);
  return found == state.incidents.end() ? nullptr : &found->second;
}

void Step::note(Notice notice) { act(NoteEvent{now, std::move(notice)}); }

void Step::note_rarely(const std::string& key, Notice notice) {
  const auto [said, is_new] = memory.said.try_emplace(key, now);
  if (!is_new && now - said->second < kSayAgain) return;
  said->second = now;
  note(std::move(notice));
}

DeviceState Step::move(DeviceRecord& device, World world, StateEvent event, const std::string& incident_id) {
  Standing& at = standing(device, world);
  const DeviceState from = at.state;
  const DeviceState to = next_state(from, event);
  if (to == from) return to;
  at.state = to;
  at.since = now;
  at.incident_id = to == DeviceState::kInService || to == DeviceState::kProbation ? "" : incident_id;
  if (world == World::kDrill && (to == DeviceState::kInService || to == DeviceState::kProbation)) at = Standing{};
  changed(device);
  note({"state", device.node, device.device.id, incident_id, world == World::kDrill,
        fmt::format("{} -> {} ({})", to_string(from), to_string(to), to_string(event))});
  return to;
}

uint64_t Step::decide(Decision decision) {
  decision.number = ++state.last_decision;
  decision.at = now;
  ++counters.decisions[std::string(to_string(decision.kind))];
  if (DeviceRecord* about = find_device(decision.device_id)) {
    const World world = decision.synthetic ? World::kDrill : World::kReal;
    const bool is_over = world == World::kDrill && about->drill.state == DeviceState::kUnknown;  // its release: nothing stands any more
    if (!is_over) standing(*about, world).decision = decision.number;
    changed(*about);
  }
  note({std::string(to_string(decision.kind)), decision.node, decision.device_id, decision.incident_id, decision.synthetic, decision.reason});
  const uint64_t number = decision.number;
  act(RecordDecision{std::move(decision)});
  return number;
}

uint64_t Step::decide_about(DecisionKind kind, IncidentView& incident, std::string reason) {
  Decision decision;
  decision.kind = kind;
  decision.actor = "policy";
  decision.node = incident.node;
  decision.device_id = incident.device_id;
  decision.incident_id = incident.id;
  decision.probe = to_string(incident.probe);
  decision.reason = std::move(reason);
  decision.synthetic = is_drill(incident.synthetic);
  if (DeviceRecord* about = find_device(incident.device_id)) {
    decision.node = about->node;
    decision.state_after = standing(*about, world_of(incident.synthetic)).state;
  }
  incident.decided |= 1u << static_cast<uint32_t>(kind);
  incident.last_decision = kind;
  changed(incident);
  return decide(std::move(decision));
}

std::vector<Action> Step::finish() {
  std::vector<Action> all;
  for (const std::string& name : dirty_nodes_) all.emplace_back(SaveNode{state.nodes.at(name)});
  for (const std::string& id : dirty_devices_) all.emplace_back(SaveDevice{state.devices.at(id)});
  for (const std::string& id : touched_devices_) {
    if (!dirty_devices_.contains(id)) all.emplace_back(TouchDevice{id, state.devices.at(id).live});
  }
  for (const std::string& id : dirty_incidents_) {
    const auto whole = whole_incidents_.find(id);
    if (whole != whole_incidents_.end()) {
      all.emplace_back(SaveIncident{whole->second, state.incidents.at(id)});
    } else {
      all.emplace_back(UpdateIncident{state.incidents.at(id)});
    }
  }
  all.insert(all.end(), std::make_move_iterator(actions_.begin()), std::make_move_iterator(actions_.end()));
  actions_.clear();
  return all;
}

Step::World world_of(Synthetic synthetic) { return is_drill(synthetic) ? Step::World::kDrill : Step::World::kReal; }

}  // namespace assay::collector
