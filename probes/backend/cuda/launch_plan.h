// SPDX-License-Identifier: Apache-2.0
// How a launch is shaped: blocks, lanes and shared memory such that one block fills a unit, and how many runs fit the time of a launch.
#pragma once

#include <cstdint>

#include "common/base/clock.h"
#include "common/base/result.h"
#include "probes/backend/cuda/device_program.h"

namespace assay::probes::cuda {

inline constexpr uint32_t kMostLanes = 512;            // of a block: ASSAY_BLOCK_LANES of seat.cuh
// Launches that share a device with a job stay below this, so that the job waits no longer for its turn.
inline constexpr Duration kLaunchTime = std::chrono::milliseconds(10);

struct BlockPlan {
  uint32_t teams = 0;
  uint32_t lanes = 0;                 // of the block
  uint32_t dynamic_shared_bytes = 0;  // above half of the unit's, so that no second block fits beside it
};

// `static_shared_bytes` is the kernel's own (asked of the driver). kUnsupported: the unit has too little shared memory for one team.
Result<BlockPlan> plan_block(const DeviceProgram& program, const Chip& chip, uint32_t static_shared_bytes, uint32_t runs);

// How many runs of each unit the next launch does: one for each team while nothing is known (run_time zero), then as many rounds of teams as fit
// `time`, and never more than are left.
uint32_t runs_of_launch(uint32_t left, uint32_t teams, Duration time_of_round, Duration time);

// Blocks of an opportunistic launch: one for each unit in reach, because a block cannot choose where it goes; in later launches as many more as units are still
// wanted, because those that others hold took none.
uint32_t blocks_of_launch(uint32_t wanted, uint32_t unit_count, uint32_t launch);

}  // namespace assay::probes::cuda
