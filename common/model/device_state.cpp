// SPDX-License-Identifier: Apache-2.0
#include "common/model/device_state.h"

#include <array>

#include <fmt/format.h>

namespace assay {
namespace {

using enum DeviceState;

constexpr std::array kTable = {
    Transition{kUnknown, StateEvent::kFirstPass, kInService},
    Transition{kUnknown, StateEvent::kMismatch, kSuspect},
    Transition{kUnknown, StateEvent::kLadderStarted, kConfirming},
    Transition{kUnknown, StateEvent::kQuarantine, kQuarantined},
    Transition{kInService, StateEvent::kMismatch, kSuspect},
    Transition{kInService, StateEvent::kLadderStarted, kConfirming},
    Transition{kInService, StateEvent::kQuarantine, kQuarantined},
    Transition{kSuspect, StateEvent::kLadderStarted, kConfirming},
    Transition{kSuspect, StateEvent::kQuarantine, kQuarantined},
    Transition{kSuspect, StateEvent::kAcquittedProbe, kInService},
    Transition{kSuspect, StateEvent::kSuspicionAged, kInService},
    Transition{kConfirming, StateEvent::kMismatch, kSuspect},
    Transition{kConfirming, StateEvent::kUnreproduced, kSuspect},
    Transition{kConfirming, StateEvent::kAcquittedProbe, kInService},
    Transition{kConfirming, StateEvent::kQuarantine, kQuarantined},
    Transition{kProbation, StateEvent::kMismatch, kSuspect},
    Transition{kProbation, StateEvent::kLadderStarted, kConfirming},
    Transition{kProbation, StateEvent::kQuarantine, kQuarantined},
    Transition{kProbation, StateEvent::kProbationPassed, kInService},
    Transition{kQuarantined, StateEvent::kRelease, kProbation},
    Transition{kQuarantined, StateEvent::kSendToRepair, kInRepair},
    Transition{kQuarantined, StateEvent::kRetire, kRetired},
    Transition{kInRepair, StateEvent::kReturned, kProbation},
    Transition{kInRepair, StateEvent::kRetire, kRetired},
};

constexpr std::array<std::string_view, 8> kStateNames = {"unknown",     "in_service", "suspect",   "confirming",
                                                         "quarantined", "in_repair",  "probation", "retired"};
static_assert(kStateNames.size() == static_cast<size_t>(kLastDeviceState) + 1);

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\' || c == '=') out.push_back('\\');
    if (c == '\n') {
      out += "\\n";
    } else {
      out.push_back(c);
    }
  }
  return out;
}

}  // namespace

std::string_view to_string(DeviceState state) { return kStateNames[static_cast<size_t>(state)]; }

Result<DeviceState> parse_device_state(std::string_view text) {
  for (size_t i = 0; i < kStateNames.size(); ++i) {
    if (text == kStateNames[i]) return static_cast<DeviceState>(i);
  }
  return make_error(ErrorCode::kInvalid, fmt::format("'{}' is not a device state", text.substr(0, 64)));
}

std::string_view to_string(StateEvent event) {
  constexpr std::array<std::string_view, 12> kNames = {"first_pass", "mismatch", "ladder_started", "unreproduced", "acquitted_probe", "quarantine",
                                                       "release", "send_to_repair", "returned", "probation_passed", "suspicion_aged", "retire"};
  static_assert(kNames.size() == static_cast<size_t>(kLastStateEvent) + 1);
  return kNames[static_cast<size_t>(event)];
}

std::span<const Transition> transitions() { return kTable; }

DeviceState next_state(DeviceState from, StateEvent event) {
  for (const Transition& edge : kTable) {
    if (edge.from == from && edge.event == event) return edge.to;
  }
  return from;
}

std::string_view to_string(PolicyMode mode) {
  constexpr std::array<std::string_view, 3> kNames = {"observe", "advise", "enforce"};
  return kNames[static_cast<size_t>(mode)];
}

Result<PolicyMode> parse_policy_mode(std::string_view text) {
  for (const auto mode : {PolicyMode::kObserve, PolicyMode::kAdvise, PolicyMode::kEnforce}) {
    if (text == to_string(mode)) return mode;
  }
  return make_error(ErrorCode::kInvalid, fmt::format("'{}' is not a mode: choose observe, advise or enforce", text.substr(0, 64)));
}

std::string_view to_string(DecisionKind kind) {
  constexpr std::array<std::string_view, 9> kNames = {"quarantine", "advise", "refuse", "release", "freeze_probe", "unfreeze_probe",
                                                      "breaker_reset", "suspect", "retire"};
  static_assert(kNames.size() == static_cast<size_t>(kLastDecisionKind) + 1);
  return kNames[static_cast<size_t>(kind)];
}

std::string canonical_text(const Decision& decision) {
  std::string out = "assay-decision-1\n";
  const auto field = [&out](std::string_view name, std::string_view value) {
    out += fmt::format("{}={}\n", name, escaped(value));
  };
  field("number", fmt::format("{}", decision.number));
  field("kind", to_string(decision.kind));
  field("at_unix_ms", fmt::format("{}", to_unix_ms(decision.at)));
  field("actor", decision.actor);
  field("node", decision.node);
  field("device", decision.device_id);
  field("incident", decision.incident_id);
  field("probe", decision.probe);
  field("reason", decision.reason);
  field("synthetic", decision.synthetic ? "true" : "false");
  field("state_after", to_string(decision.state_after));
  return out;
}

}  // namespace assay
