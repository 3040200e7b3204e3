// SPDX-License-Identifier: Apache-2.0
// The states of a device and the table of what may follow what. A device in service is never called healthy.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/clock.h"
#include "common/base/result.h"

namespace assay {

enum class DeviceState : uint8_t { kUnknown, kInService, kSuspect, kConfirming, kQuarantined, kInRepair, kProbation, kRetired };
inline constexpr DeviceState kLastDeviceState = DeviceState::kRetired;
std::string_view to_string(DeviceState state);  // "in_service"
Result<DeviceState> parse_device_state(std::string_view text);

// What moves a device.
enum class StateEvent : uint8_t {
  kFirstPass,        // a first complete match
  kMismatch,         // an unconfirmed finding
  kLadderStarted,
  kUnreproduced,
  kAcquittedProbe,   // the probe was at fault
  kQuarantine,       // the policy admitted a quarantine
  kRelease,          // an operator released it
  kSendToRepair,
  kReturned,         // back from repair
  kProbationPassed,
  kSuspicionAged,    // suspicion decayed below its threshold
  kRetire,
};
inline constexpr StateEvent kLastStateEvent = StateEvent::kRetire;
std::string_view to_string(StateEvent event);

struct Transition {
  DeviceState from;
  StateEvent event;
  DeviceState to;
};
// The whole table; an event that is not in it for a state leaves the state as it is.
std::span<const Transition> transitions();
DeviceState next_state(DeviceState from, StateEvent event);

// How far the fleet lets verdicts go.
enum class PolicyMode : uint8_t { kObserve, kAdvise, kEnforce };
std::string_view to_string(PolicyMode mode);  // "observe"
Result<PolicyMode> parse_policy_mode(std::string_view text);

// What the collector decided, once: recorded, signed and hash-chained before anything acts on it.
enum class DecisionKind : uint8_t { kQuarantine, kAdvise, kRefuse, kRelease, kFreezeProbe, kUnfreezeProbe, kBreakerReset, kSuspect, kRetire };
inline constexpr DecisionKind kLastDecisionKind = DecisionKind::kRetire;
std::string_view to_string(DecisionKind kind);

struct Decision {
  uint64_t number = 0;              // position in the chain, from 1
  DecisionKind kind = DecisionKind::kRefuse;
  WallTime at;                      // collector's clock
  std::string actor;                // "policy" or the operator's name
  std::string node;                 // empty where the decision is about a probe or the breaker
  std::string device_id;
  std::string incident_id;
  std::string probe;                // "gemm.fp64.grid/1"; empty when not about one
  std::string reason;               // one line for an operator
  bool synthetic = false;
  DeviceState state_after = DeviceState::kUnknown;   // of the device
  friend bool operator==(const Decision&, const Decision&) = default;
};

// The bytes that are hashed and signed: "assay-decision-1\n", then one "name=value\n" per field in the order above, with
// backslash, newline and '=' in values escaped as \\, \n and \=. Stable across releases.
std::string canonical_text(const Decision& decision);

}  // namespace assay
