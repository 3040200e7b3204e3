// SPDX-License-Identifier: Apache-2.0
#include <vector>

#include <fmt/format.h>

#include "collector/core/admission.h"
#include "collector/core/hook_plan.h"
#include "collector/core/rules.h"
#include "common/model/limits.h"

namespace assay::collector {
namespace {

Status check_words(const std::string& actor, const std::string& reason) {
  if (actor.empty()) return make_error(ErrorCode::kInvalid, "no actor: name who decides");
  if (reason.find_first_not_of(" \t\r\n") == std::string::npos) return make_error(ErrorCode::kInvalid, "a reason is needed: say why in one line");
  if (reason.size() > limits::kTextChars) {
    return make_error(ErrorCode::kInvalid, fmt::format("reason of {} characters is over the limit of {}", reason.size(), limits::kTextChars));
  }
  return {};
}

Result<DeviceRecord*> known_device(Step& step, const std::string& id) {
  DeviceRecord* device = step.find_device(id);
  if (device == nullptr) return make_error(ErrorCode::kNotFound, fmt::format("there is no device {}", id));
  return device;
}

Decision operator_decision(DecisionKind kind, const std::string& actor, const std::string& reason) {
  Decision decision;
  decision.kind = kind;
  decision.actor = actor;
  decision.reason = reason;
  return decision;
}

// What was held against the device in that world is dealt with: it never counts again.
void close_incidents(Step& step, DeviceRecord& device, Step::World world) {
  for (auto& [id, incident] : step.state.incidents) {
    if (incident.device_id != device.device.id || world_of(incident.synthetic) != world || incident.status != IncidentStatus::kActive) continue;
    incident.status = IncidentStatus::kClosed;
    incident.pending.clear();
    step.changed(incident);
  }
  if (world == Step::World::kReal) {
    device.last_mismatch.reset();
    device.last_doubt.reset();
    device.blind_observations = 0;
  } else {
    device.blind_drill_observations = 0;
  }
  step.changed(device);
}

}  // namespace

Status on_release(Step& step, const OperatorRelease& event) {
  TRY(check_words(event.actor, event.reason));
  DeviceRecord* device = TRY(known_device(step, event.device_id));
  const bool drill = device->real.state != DeviceState::kQuarantined;
  if (drill && device->drill.state != DeviceState::kQuarantined) {
    return make_error(ErrorCode::kConflict, fmt::format("device {} is {}, not quarantined: there is nothing to release", event.device_id,
                                                        to_string(device->shown().state)));
  }
  const Step::World world = drill ? Step::World::kDrill : Step::World::kReal;
  const std::string incident_id = Step::standing(*device, world).incident_id;
  const IncidentView* incident = step.find_incident(incident_id);
  close_incidents(step, *device, world);
  step.move(*device, world, StateEvent::kRelease, incident_id);
  Decision decision = operator_decision(DecisionKind::kRelease, event.actor, event.reason);
  decision.node = device->node;
  decision.device_id = event.device_id;
  decision.incident_id = incident_id;
  if (incident != nullptr) decision.probe = to_string(incident->probe);
  decision.synthetic = drill;
  decision.state_after = device->real.state;
  const uint64_t number = step.decide(std::move(decision));
  plan_undrain(step, *device, incident, number, drill, event.reason);
  return {};
}

Status on_retire(Step& step, const OperatorRetire& event) {
  TRY(check_words(event.actor, event.reason));
  DeviceRecord* device = TRY(known_device(step, event.device_id));
  if (next_state(device->real.state, StateEvent::kRetire) == device->real.state) {
    return make_error(ErrorCode::kConflict, fmt::format("device {} is {}: only one that is quarantined or in repair can be retired", event.device_id,
                                                        to_string(device->real.state)));
  }
  const std::string incident_id = device->real.incident_id;
  close_incidents(step, *device, Step::World::kReal);
  step.move(*device, Step::World::kReal, StateEvent::kRetire, incident_id);
  Decision decision = operator_decision(DecisionKind::kRetire, event.actor, event.reason);
  decision.node = device->node;
  decision.device_id = event.device_id;
  decision.incident_id = incident_id;
  decision.state_after = device->real.state;
  step.decide(std::move(decision));
  return {};
}

Status on_unfreeze(Step& step, const UnfreezeProbe& event) {
  TRY(check_words(event.actor, event.reason));
  std::vector<FreezeKey> keys;
  for (const auto& [key, freeze] : step.state.freezes) {
    const bool is_probe = key.probe.id == event.probe || to_string(key.probe) == event.probe;
    if (is_probe && (!event.cohort || *event.cohort == key.cohort)) keys.push_back(key);
  }
  if (keys.empty()) {
    return make_error(ErrorCode::kConflict, fmt::format("probe {} is not frozen{}", event.probe,
                                                        event.cohort ? fmt::format(" for cohort {}", *event.cohort) : ""));
  }
  for (const FreezeKey& key : keys) {
    step.state.freezes.erase(key);
    step.act(EraseFreeze{key});
    Decision decision = operator_decision(DecisionKind::kUnfreezeProbe, event.actor, fmt::format("cohort {}: {}", key.cohort, event.reason));
    decision.probe = to_string(key.probe);
    step.decide(std::move(decision));
  }
  return {};
}

Status on_breaker_reset(Step& step, const BreakerReset& event) {
  TRY(check_words(event.actor, event.reason));
  if (step.state.breaker.open.empty()) return make_error(ErrorCode::kConflict, "the circuit breaker is closed: there is nothing to reset");
  step.state.breaker.open.clear();
  step.state.breaker.last_reset = step.now;
  step.act(SaveBreaker{step.state.breaker});
  step.decide(operator_decision(DecisionKind::kBreakerReset, event.actor, event.reason));
  retry_pending(step);
  return {};
}

}  // namespace assay::collector
