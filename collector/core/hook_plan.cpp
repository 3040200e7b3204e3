// SPDX-License-Identifier: Apache-2.0
#include "collector/core/hook_plan.h"

#include <fmt/format.h>

namespace assay::collector {
namespace {

void start(Step& step, const HookRecord& hook) {
  step.memory.started_hooks.insert(hook.decision);
  step.act(StartHook{hook});
}

// Another device of the node that our word keeps out of service in the same world; nullptr when there is none.
const DeviceRecord* other_quarantined(const FleetState& state, const DeviceRecord& device, bool synthetic) {
  for (const auto& [id, other] : state.devices) {
    const Standing& standing = synthetic ? other.drill : other.real;
    if (other.node == device.node && id != device.device.id && standing.state == DeviceState::kQuarantined) return &other;
  }
  return nullptr;
}

}  // namespace

void plan_hook(Step& step, HookAction action, const DeviceRecord& device, const IncidentView* incident, uint64_t decision, bool synthetic,
               const std::string& reason) {
  if (!(synthetic ? step.options.drill_hook : step.options.hook)) return;
  HookRecord hook;
  hook.decision = decision;
  hook.action = action;
  hook.node = device.node;
  hook.device_id = device.device.id;
  if (incident != nullptr) {
    hook.incident_id = incident->id;
    hook.probe = incident->probe;
    hook.unit = incident->unit;
    hook.verdict = incident->verdict;
  }
  hook.reason = reason;
  hook.synthetic = synthetic;
  hook.updated = step.now;
  step.state.hooks[decision] = hook;
  step.act(SaveHook{hook});
  start(step, hook);
}

void plan_undrain(Step& step, const DeviceRecord& device, const IncidentView* incident, uint64_t decision, bool synthetic,
                  const std::string& reason) {
  for (auto& [number, hook] : step.state.hooks) {
    if (hook.device_id != device.device.id || hook.synthetic != synthetic || hook.status != HookStatus::kFailed) continue;
    hook.closed = true;
    step.act(SaveHook{hook});
  }
  std::erase_if(step.state.hooks, [](const auto& entry) { return entry.second.closed; });
  if (const DeviceRecord* other = other_quarantined(step.state, device, synthetic)) {
    step.note({"stays_drained", device.node, device.device.id, "", synthetic,
               fmt::format("the node stays drained: {} of it is still quarantined", other->device.id)});
    return;
  }
  plan_hook(step, HookAction::kUndrain, device, incident, decision, synthetic, reason);
}

void on_hook_finished(Step& step, const HookFinished& event) {
  const auto found = step.state.hooks.find(event.decision);
  if (found == step.state.hooks.end() || found->second.status != HookStatus::kPending || event.status == HookStatus::kNone) return;
  HookRecord& hook = found->second;
  hook.status = event.status;
  hook.attempts = event.attempts;
  hook.exit_code = event.exit_code;
  hook.detail = event.detail.substr(0, limits::kTextChars);
  hook.updated = step.now;
  step.act(SaveHook{hook});
  const std::string kind = event.status == HookStatus::kPending ? "hook_retry" : fmt::format("hook_{}", to_string(event.status));
  step.note({kind, hook.node, hook.device_id, hook.incident_id, hook.synthetic,
             fmt::format("{} for decision {}, attempt {}: {}", to_string(hook.action), hook.decision, hook.attempts, hook.detail)});
  if (event.status == HookStatus::kPending) return;
  step.memory.started_hooks.erase(event.decision);
  if (event.status == HookStatus::kDone) step.state.hooks.erase(found);
}

void start_pending_hooks(Step& step) {
  for (const auto& [number, hook] : step.state.hooks) {
    if (hook.status == HookStatus::kPending && !step.memory.started_hooks.contains(number)) start(step, hook);
  }
}

}  // namespace assay::collector
