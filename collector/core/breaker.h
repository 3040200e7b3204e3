// SPDX-License-Identifier: Apache-2.0
// How many devices may leave service: the circuit breaker (per fleet and per cohort, sliding 24 h) and the capacity floor.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "collector/core/fleet_state.h"
#include "collector/core/policy_options.h"

namespace assay::collector {

struct ScopeLoad {
  uint64_t devices = 0;               // not retired
  uint64_t recent_quarantines = 0;    // real, within the window and since the last reset
  uint64_t out = 0;                   // quarantined or in repair, real
};
// Of the fleet (kFleetScope) or of one cohort. O(devices).
ScopeLoad scope_load(const FleetState& state, const std::string& scope, WallTime now);
// max(floor, ratio x devices), rounded down.
uint64_t breaker_limit(const PolicyOptions& options, uint64_t devices);

// Whether one more real quarantine in the cohort is within the limits.
struct BreakerAnswer {
  bool allowed = true;
  std::string trips;                  // scope that has to open now; "" when none, or when it is open already
  std::string reason;                 // when not allowed
};
BreakerAnswer ask_breaker(const FleetState& state, const PolicyOptions& options, const std::string& cohort, WallTime now);

// The reason why the fleet cannot spare one more device now; absent when it can.
std::optional<std::string> capacity_gap(const FleetState& state, const PolicyOptions& options);

}  // namespace assay::collector
