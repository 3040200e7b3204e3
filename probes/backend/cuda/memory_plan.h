// SPDX-License-Identifier: Apache-2.0
// Where the buffers of one launch lie in one allocation of device memory, and how much of it may be taken.
#pragma once

#include <cstdint>

#include "common/base/result.h"
#include "probes/backend/device/portable.h"

namespace assay::probes::cuda {

// Sizes of a launch.
struct LaunchSizes {
  uint32_t unit_slots = 0;       // hardware unit numbers are below it
  uint32_t units = 0;            // by index
  uint32_t teams = 0;            // of one unit
  uint32_t sets = 0;             // operand sets
  uint32_t set_count = 0;        // slots of one unit
  uint32_t runs_per_unit = 0;
  bool has_expected = false;
};

// Offsets in bytes from the allocation's start, multiples of 256.
struct MemoryPlan {
  uint64_t launch = 0;
  uint64_t board = 0;
  uint64_t units = 0;
  uint64_t slots = 0;
  uint64_t hits = 0;
  uint64_t records = 0;
  uint64_t results = 0;
  uint64_t operands = 0;
  uint64_t expected = 0;
  uint64_t scratch = 0;
  uint64_t scratch_bytes = 0;
  uint64_t bytes = 0;            // of all

  static MemoryPlan make(const device::ProgramShape& shape, const LaunchSizes& sizes);
};

// How much this process may take: `wanted`, and never more than 1/50 of what is free and its own already.
uint64_t memory_cap(uint64_t wanted_bytes, uint64_t free_bytes, uint64_t taken_bytes);

// Programs over large memory take all of the cap and put each job at another place in it (window_offset()), so that in time every cell of it is met by
// every unit.
bool walks(const device::ProgramShape& shape);
// Where the launch of the n-th job begins, in bytes from the allocation's start: a multiple of 2 MiB, and plan_bytes from there are below the cap.
uint64_t window_offset(uint64_t cap_bytes, uint64_t plan_bytes, uint64_t job);

// The most teams, at most `teams`, with which a launch stays below the cap. kLimit where one does not.
Result<uint32_t> teams_within(const device::ProgramShape& shape, LaunchSizes sizes, uint64_t cap_bytes);

// How many of the units one launch can serve below the cap, with one team each; the rest get launches of their own. At least 1: teams_within() says
// when even that is too much.
uint32_t units_within(const device::ProgramShape& shape, LaunchSizes sizes, uint64_t cap_bytes);

}  // namespace assay::probes::cuda
