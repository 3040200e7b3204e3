// SPDX-License-Identifier: Apache-2.0
// What telemetry may do: an Xid, a memory error or a driver that hangs is a reason to look at the device more often, for half of all defects are first
// seen there. It proves no wrong answer, so it never drains: only probes do. The suspicion ends by itself, limits::kDoubtTime after the last finding.
#include <fmt/format.h>

#include "collector/core/rules.h"
#include "common/model/limits.h"

namespace assay::collector {
namespace {

// A device that is in doubt already, or out of service, is not moved: a ladder that runs must not be disturbed.
bool may_become_suspect(DeviceState state) {
  return state == DeviceState::kUnknown || state == DeviceState::kInService || state == DeviceState::kProbation;
}

void doubt(Step& step, DeviceRecord& device, const AgentFinding& finding) {
  device.last_doubt = step.now;
  step.changed(device);
  if (!may_become_suspect(device.real.state)) return;
  step.move(device, Step::World::kReal, StateEvent::kMismatch, "");
  Decision decision;
  decision.kind = DecisionKind::kSuspect;
  decision.actor = "policy";
  decision.node = device.node;
  decision.device_id = device.device.id;
  decision.reason = fmt::format("{} puts its hardware in doubt; it is probed more often for {} days", finding.kind, limits::kDoubtTime.count() / 24);
  decision.state_after = device.real.state;
  step.decide(std::move(decision));
}

}  // namespace

void on_finding(Step& step, const std::string& node, const AgentFinding& finding, bool own) {
  // About a device that is not the node's it is kept as the node's own word.
  step.note({"finding", node, own ? finding.device_id : "", "", false, fmt::format("{} {}", finding.kind, finding.text)});
  DeviceRecord* device = own && finding.suspects ? step.find_device(finding.device_id) : nullptr;
  if (device != nullptr) doubt(step, *device, finding);
}

}  // namespace assay::collector
