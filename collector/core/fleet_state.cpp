// SPDX-License-Identifier: Apache-2.0
#include "collector/core/fleet_state.h"

#include <array>

#include "common/model/limits.h"

namespace assay::collector {
namespace {

bool is_finding(DeviceState state) {
  switch (state) {
    case DeviceState::kSuspect:
    case DeviceState::kConfirming:
    case DeviceState::kQuarantined:
    case DeviceState::kInRepair:
    case DeviceState::kRetired: return true;
    case DeviceState::kUnknown:
    case DeviceState::kInService:
    case DeviceState::kProbation: return false;
  }
  return false;
}

}  // namespace

const Standing& DeviceRecord::shown() const {
  return is_finding(real.state) || drill.state == DeviceState::kUnknown ? real : drill;
}

std::string_view to_string(IncidentSource source) { return source == IncidentSource::kCollector ? "collector" : "agent"; }

std::string_view to_string(IncidentStatus status) {
  constexpr std::array<std::string_view, 3> kNames = {"active", "retracted", "closed"};
  return kNames[static_cast<size_t>(status)];
}

std::string_view to_string(HookAction action) { return action == HookAction::kUndrain ? "undrain" : "drain"; }

std::string_view to_string(HookStatus status) {
  constexpr std::array<std::string_view, 4> kNames = {"pending", "done", "failed", "none"};
  return kNames[static_cast<size_t>(status)];
}

bool is_drill(Synthetic synthetic) { return synthetic == Synthetic::kDrill; }

bool is_needed(const FleetState& state, const IncidentView& incident, WallTime now) {
  if (!incident.pending.empty() || incident.last_received > now - limits::kRecurrenceWindow) return true;
  const auto device = state.devices.find(incident.device_id);
  return device != state.devices.end() &&
         (device->second.real.incident_id == incident.id || device->second.drill.incident_id == incident.id);
}

void prune_incidents(FleetState& state, WallTime now) {
  std::erase_if(state.incidents, [&](const auto& entry) { return !is_needed(state, entry.second, now); });
}

}  // namespace assay::collector
