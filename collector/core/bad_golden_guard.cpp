// SPDX-License-Identifier: Apache-2.0
#include "collector/core/bad_golden_guard.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "collector/core/suspicion.h"

namespace assay::collector {
namespace {

bool is_of(const IncidentView& incident, const FreezeKey& key, WallTime from) {
  return !is_drill(incident.synthetic) && incident.status == IncidentStatus::kActive && incident.probe == key.probe &&
         incident.cohort == key.cohort && incident.received > from;
}

void release_undrained(Step& step, DeviceRecord& device, const IncidentView& incident, const FreezeKey& key) {
  const auto hook = step.state.hooks.find(device.real.decision);
  const bool drained = step.options.hook && !(hook != step.state.hooks.end() && hook->second.status == HookStatus::kFailed);
  if (drained) {
    step.note({"release_advised", device.node, device.device.id, incident.id, false,
               fmt::format("{} is frozen and was the reason for this quarantine; check the device and release it", to_string(key.probe))});
    return;
  }
  step.move(device, Step::World::kReal, StateEvent::kRelease, incident.id);
  Decision decision;
  decision.kind = DecisionKind::kRelease;
  decision.actor = "policy";
  decision.node = device.node;
  decision.device_id = device.device.id;
  decision.incident_id = incident.id;
  decision.probe = to_string(key.probe);
  decision.reason = fmt::format("{} is frozen and was the reason for this quarantine, which nothing had acted on", to_string(key.probe));
  decision.state_after = device.real.state;
  step.decide(std::move(decision));
}

}  // namespace

std::optional<std::string> bad_golden_reason(const FleetState& state, const IncidentView& incident, WallTime now) {
  const FreezeKey key{incident.probe, incident.cohort};
  std::set<std::string> failing;
  std::set<std::string> alike;
  for (const auto& [id, other] : state.incidents) {
    if (!is_of(other, key, now - limits::kBadGoldenWindow) || other.operand_set != incident.operand_set) continue;
    failing.insert(other.device_id);
    if (incident.actual && other.actual == incident.actual) alike.insert(other.device_id);
  }
  if (alike.size() >= limits::kBadGoldenSameDigestDevices) {
    return fmt::format("{} devices gave the same wrong digest on operand set {}", alike.size(), incident.operand_set);
  }
  const auto cohort = static_cast<double>(std::count_if(state.devices.begin(), state.devices.end(), [&](const auto& entry) {
    return entry.second.real.state != DeviceState::kRetired && cohort_key(entry.second.device) == incident.cohort;
  }));
  const auto allowed = std::max<uint64_t>(limits::kBadGoldenFloor, static_cast<uint64_t>(limits::kBadGoldenRatio * cohort));
  if (failing.size() <= allowed) return std::nullopt;
  return fmt::format("{} of {} devices failed operand set {} within {} h", failing.size(), cohort, incident.operand_set,
                     limits::kBadGoldenWindow.count());
}

void freeze_probe(Step& step, const FreezeKey& key, const std::string& reason) {
  Decision decision;
  decision.kind = DecisionKind::kFreezeProbe;
  decision.actor = "policy";
  decision.probe = to_string(key.probe);
  decision.reason = fmt::format("frozen for cohort {}: {}", key.cohort, reason);
  const uint64_t number = step.decide(std::move(decision));
  const Freeze freeze{key, step.now, reason, number};
  step.state.freezes[key] = freeze;
  step.act(SaveFreeze{freeze});

  std::set<std::string> accused;
  for (auto& [id, incident] : step.state.incidents) {
    if (!is_of(incident, key, step.now - limits::kBadGoldenWindow)) continue;
    incident.status = IncidentStatus::kRetracted;
    incident.pending.clear();
    step.changed(incident);
    step.note({"retracted", incident.node, incident.device_id, incident.id, false, fmt::format("{} is frozen", to_string(key.probe))});
    accused.insert(incident.device_id);
  }
  for (const std::string& id : accused) {
    DeviceRecord* device = step.find_device(id);
    if (device == nullptr) continue;
    const IncidentView* behind = step.find_incident(device->real.incident_id);
    if (device->real.state == DeviceState::kQuarantined) {
      if (behind != nullptr && behind->status == IncidentStatus::kRetracted) release_undrained(step, *device, *behind, key);
    } else if (!stands_accused(step.state, *device, step.now)) {
      device->last_mismatch.reset();
      step.changed(*device);
      step.move(*device, Step::World::kReal, StateEvent::kAcquittedProbe, "");
    }
  }
}

bool is_frozen(const FleetState& state, const FreezeKey& key) { return state.freezes.contains(key); }

}  // namespace assay::collector
