// SPDX-License-Identifier: Apache-2.0
// The fleet in numbers, for the status page, the API and the metrics: computed from the state, never kept.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "collector/core/fleet_state.h"
#include "collector/core/policy_options.h"

namespace assay::collector {

inline constexpr size_t kDeviceStates = static_cast<size_t>(kLastDeviceState) + 1;

struct FleetSummary {
  uint64_t nodes = 0;
  uint64_t nodes_silent = 0;
  uint64_t devices = 0;
  std::array<uint64_t, kDeviceStates> devices_by_state{};   // as shown, drills included; indexed by DeviceState
  uint64_t runs_match = 0;
  uint64_t runs_mismatch = 0;
  uint64_t runs_inconclusive = 0;
  uint64_t incidents_open = 0;          // real, without a verdict yet
  uint64_t incidents_last_day = 0;      // real
  uint64_t quarantined = 0;             // real
  uint64_t quarantined_drill = 0;
  uint64_t quarantines_last_day = 0;    // real, as the breaker counts them
  uint64_t quarantine_limit = 0;        // of the fleet scope
  bool breaker_open = false;            // in any scope
  uint64_t pending_quarantines = 0;     // waiting for the breaker or for capacity
  uint64_t hooks_pending = 0;
  uint64_t hooks_failed = 0;
  std::vector<Freeze> freezes;
  uint64_t findings = 0;                // real devices suspect, confirming or quarantined, plus frozen probes
};
// O(devices).
FleetSummary summarise(const FleetState& state, const PolicyOptions& options, WallTime now);

}  // namespace assay::collector
