// SPDX-License-Identifier: Apache-2.0
// Protects healthy devices from a wrong golden or a broken probe: when several devices fail alike, the probe is the suspect.
#pragma once

#include <optional>
#include <string>

#include "collector/core/step.h"

namespace assay::collector {

// The reason to freeze the probe of the incident in its cohort, counting the incident itself: the same wrong digest from
// limits::kBadGoldenSameDigestDevices devices on one operand set, or more than max(kBadGoldenFloor, kBadGoldenRatio of the cohort)
// devices failing one operand set, within limits::kBadGoldenWindow. Only real, unretracted incidents count.
std::optional<std::string> bad_golden_reason(const FleetState& state, const IncidentView& incident, WallTime now);

// Freezes the probe for the cohort and takes back what it started: active incidents of the window are retracted, devices that stand
// accused by nothing else are acquitted, quarantines whose drain has not been done are released; for drained ones the operator is asked.
void freeze_probe(Step& step, const FreezeKey& key, const std::string& reason);

bool is_frozen(const FleetState& state, const FreezeKey& key);

}  // namespace assay::collector
