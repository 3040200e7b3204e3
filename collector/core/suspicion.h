// SPDX-License-Identifier: Apache-2.0
// What a mismatch that did not come back is worth later: passes never acquit, only time does.
#pragma once

#include <vector>

#include "collector/core/step.h"

namespace assay::collector {

// Below it a suspect returns to service: three half-lives after a single mismatch, which is the recurrence window.
inline constexpr double kSuspicionFloor = 0.125;
// Two unreproduced mismatches nearer than this are one happening, not two.
inline constexpr std::chrono::hours kIndependentAfter{1};

// Sum of 2^(-age / half-life) over the real, active, unreproduced incidents of the device; where there are none, over its last mismatch.
double suspicion(const FleetState& state, const DeviceRecord& device, WallTime now);
// An earlier unreproduced incident of the same device and world, independent of this one and within the recurrence window.
const IncidentView* earlier_strike(const FleetState& state, const IncidentView& incident);
// Whether anything besides retracted incidents still speaks against the device (real): telemetry counts for limits::kDoubtTime.
bool stands_accused(const FleetState& state, const DeviceRecord& device, WallTime now);
// Suspects whose suspicion has decayed, confirmations that never ended, probation that was passed.
void age_devices(Step& step);

}  // namespace assay::collector
