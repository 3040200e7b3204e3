// SPDX-License-Identifier: Apache-2.0
// The core's state from the store. Included by this folder only.
#pragma once

#include "collector/core/fleet_state.h"
#include "collector/store/connection.h"

namespace assay::collector {

Result<FleetState> load_state(Connection& connection, WallTime now);
// Counts of one device.
Result<DeviceCounts> load_counts(Connection& connection, const std::string& device);

}  // namespace assay::collector
