// SPDX-License-Identifier: Apache-2.0
#include "agent/core/node_check.h"

#include <array>

#include <fmt/format.h>

namespace assay::agent {

std::string_view to_string(NodeVerdict verdict) {
  constexpr std::array<std::string_view, 3> kNames = {"fine", "finding", "unknown"};
  return kNames[static_cast<size_t>(verdict)];
}

NodeCheck check_node(const std::vector<const DeviceWatch*>& devices) {
  NodeCheck check;
  bool unknown = devices.empty();
  bool finding = false;
  if (devices.empty()) check.reasons.emplace_back("no device was found on this node");
  for (const DeviceWatch* watch : devices) {
    const std::string text = fmt::format("device {} is {}{}", watch->device().id, to_string(watch->state()), watch->state_is_synthetic() ? " (drill)" : "");
    switch (watch->state()) {
      case DeviceState::kInService:
      case DeviceState::kProbation: continue;
      case DeviceState::kUnknown:
        unknown = true;
        check.reasons.push_back(fmt::format("device {} has not been measured yet", watch->device().id));
        continue;
      case DeviceState::kSuspect:
      case DeviceState::kConfirming:
      case DeviceState::kQuarantined:
      case DeviceState::kInRepair:
      case DeviceState::kRetired: break;
    }
    finding = finding || !watch->state_is_synthetic();
    check.reasons.push_back(text);
  }
  check.verdict = finding ? NodeVerdict::kFinding : unknown ? NodeVerdict::kUnknown : NodeVerdict::kFine;
  return check;
}

}  // namespace assay::agent
