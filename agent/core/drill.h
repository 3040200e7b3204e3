// SPDX-License-Identifier: Apache-2.0
// A drill: faults planted on one unit on purpose, marked synthetic from the slice to the drain hook.
#pragma once

#include <cstdint>
#include <string>

#include "agent/core/slice.h"
#include "common/base/clock.h"
#include "common/model/observation.h"

namespace assay::agent {

struct DrillOptions {
  bool enabled = false;
  std::string device;               // id; "" for every device of the node
  uint32_t unit = 0;                // index into Device::units
  FaultShape shape = FaultShape::kBitFlip;
  uint64_t mask = 0;                // bits to flip; 0: one bit of the runner's choice
  double probability = 1.0;         // that a run is hit
  Duration after{};                 // from the start of the agent
  std::string probe;                // id; "" for all
};

// Whether the drill of these options concerns this device at this age of the agent.
bool drill_active(const DrillOptions& options, const std::string& device_id, Duration since_start);
// Plants the fault into an order that has the drill's unit, and marks it. Controls are left alone: they plant their own. The seed of the
// injection comes from the order's id, so that runs differ and replays do not.
void apply_drill(const DrillOptions& options, SliceOrder& order);

}  // namespace assay::agent
