// SPDX-License-Identifier: Apache-2.0
#include "collector/core/suspicion.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace assay::collector {
namespace {

constexpr std::chrono::hours kConfirmationEnds{24};  // a ladder takes a minute; after this the agent has lost it

bool speaks_against(const IncidentView& incident) {
  return incident.status == IncidentStatus::kActive && incident.verdict != Verdict::kProbeSuspect;
}
bool is_strike(const IncidentView& incident) {
  return speaks_against(incident) && (incident.verdict == Verdict::kUnreproduced || incident.unproven);
}
bool is_proven(const IncidentView& incident) {
  return speaks_against(incident) && !incident.unproven && (condemns(incident.verdict) || incident.recurrence);
}

// By telemetry, lately.
bool is_doubted(const DeviceRecord& device, WallTime now) { return device.last_doubt && now - *device.last_doubt < limits::kDoubtTime; }

using ByDevice = std::multimap<std::string, const IncidentView*>;

template <typename Predicate>
bool any_of(const ByDevice& incidents, const std::string& device, Step::World world, Predicate predicate) {
  const auto [first, last] = incidents.equal_range(device);
  return std::any_of(first, last, [&](const auto& entry) { return world_of(entry.second->synthetic) == world && predicate(*entry.second); });
}

void age_real(Step& step, const ByDevice& incidents, DeviceRecord& device) {
  const auto world = Step::World::kReal;
  const std::string& id = device.device.id;
  if (device.real.state == DeviceState::kProbation) {
    const bool reports = step.now - device.live.last_report <= step.options.silent_after;
    if (reports && step.now - device.real.since >= limits::kProbationTime) step.move(device, world, StateEvent::kProbationPassed, "");
    return;
  }
  if (device.real.state != DeviceState::kSuspect && device.real.state != DeviceState::kConfirming) return;
  if (any_of(incidents, id, world, is_proven)) return;  // waits for the policy or an operator, not for time
  const bool is_climbing = any_of(incidents, id, world, [&](const IncidentView& incident) {
    return speaks_against(incident) && incident.verdict == Verdict::kOpen && step.now - incident.last_received < kConfirmationEnds;
  });
  if (is_climbing) return;
  if (device.real.state == DeviceState::kConfirming) {
    step.move(device, world, StateEvent::kUnreproduced, device.real.incident_id);
  } else if (suspicion(step.state, device, step.now) < kSuspicionFloor && !is_doubted(device, step.now)) {
    step.move(device, world, StateEvent::kSuspicionAged, "");
  }
}

}  // namespace

double suspicion(const FleetState& state, const DeviceRecord& device, WallTime now) {
  const auto worth = [now](WallTime at) {
    const double age = std::max(0.0, to_seconds(now - at));
    return std::exp2(-age / to_seconds(limits::kSuspicionHalfLife));
  };
  double sum = 0;
  bool any = false;
  for (const auto& [id, incident] : state.incidents) {
    if (incident.device_id != device.device.id || is_drill(incident.synthetic) || !is_strike(incident)) continue;
    sum += worth(incident.received);
    any = true;
  }
  if (any || device.last_mismatch) return any ? sum : worth(*device.last_mismatch);
  const bool by_telemetry = device.last_doubt && *device.last_doubt >= device.real.since;
  return by_telemetry ? 0 : worth(device.real.since);  // what telemetry says has a time of its own: is_doubted()
}

const IncidentView* earlier_strike(const FleetState& state, const IncidentView& incident) {
  for (const auto& [id, other] : state.incidents) {
    if (other.id == incident.id || other.device_id != incident.device_id || world_of(other.synthetic) != world_of(incident.synthetic)) continue;
    if (other.status != IncidentStatus::kActive || other.verdict != Verdict::kUnreproduced) continue;
    const auto apart = incident.received - other.received;
    if (apart >= kIndependentAfter && apart <= limits::kRecurrenceWindow) return &other;
  }
  return nullptr;
}

bool stands_accused(const FleetState& state, const DeviceRecord& device, WallTime now) {
  return is_doubted(device, now) || std::any_of(state.incidents.begin(), state.incidents.end(), [&](const auto& entry) {
    return entry.second.device_id == device.device.id && !is_drill(entry.second.synthetic) && speaks_against(entry.second);
  });
}

void age_devices(Step& step) {
  ByDevice incidents;
  for (const auto& [id, incident] : step.state.incidents) incidents.emplace(incident.device_id, &incident);
  for (auto& [id, device] : step.state.devices) {
    age_real(step, incidents, device);
    // A drill that did not come to its end within a day was given up.
    const bool is_climbing = device.drill.state == DeviceState::kSuspect || device.drill.state == DeviceState::kConfirming;
    if (is_climbing && step.now - device.drill.since >= kConfirmationEnds) {
      step.move(device, Step::World::kDrill, StateEvent::kAcquittedProbe, "");
    }
  }
}

}  // namespace assay::collector
