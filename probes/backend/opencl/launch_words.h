// SPDX-License-Identifier: Apache-2.0
// What goes to the device for one launch, and how a job is cut into launches. A launch is a part of the runs of one unit, complete in itself: run 0 of
// it is run `first_run` of the job. Pure.
#pragma once

#include <cstdint>
#include <vector>

#include "common/base/result.h"
#include "probes/backend/device/accelerator.h"
#include "probes/backend/device/portable.h"

namespace assay::probes::opencl {

// Others that share the device wait no longer than this for it, once the launcher knows how long a run takes.
inline constexpr Duration kLaunchTime = std::chrono::milliseconds(10);

struct Part {
  uint32_t first_run = 0;
  uint32_t runs = 0;
  uint32_t teams = 0;        // work-groups
};

struct LaunchWords {
  AssayLaunch launch{};
  std::vector<uint32_t> slots;   // of run 0, 1, ...
  std::vector<uint32_t> hits;    // a bit a run
};
// For the unit at `position` of Job::units. The step of a fault is taken modulo the program's, and a program without state is hit in its outputs.
LaunchWords launch_words(const device::Job& job, const device::ProgramShape& shape, const Part& part, uint32_t position);

// How many runs of each unit the next launch does: one for each team while a round of teams has no known time (zero), then as many rounds as fit
// kLaunchTime, at least one, and never more than are left.
uint32_t runs_of_launch(uint32_t left, uint32_t teams, Duration time_of_round);

// Memory of a job, in bytes.
struct MemoryNeed {
  uint64_t operands = 0;     // shared by all units
  uint64_t expected = 0;
  uint64_t scratch = 0;      // of one unit
  uint64_t results = 0;
  uint64_t small = 0;        // launch, slots, hits, records
  uint64_t all(uint64_t units) const { return operands + expected + units * (scratch + results + small); }
};
MemoryNeed memory_need(const device::ProgramShape& shape, uint64_t sets, bool has_expected, uint32_t runs_per_unit, uint32_t teams);

// The most teams of a unit, from `wanted` down, with which a job stays below `cap` and each buffer below `buffer_cap`. kLimit where one does not.
struct MemoryLimits {
  uint64_t bytes = 0;
  uint64_t buffer_bytes = 0;
};
Result<uint32_t> teams_within(const device::Job& job, const device::ProgramShape& shape, uint32_t wanted, const MemoryLimits& limits);

}  // namespace assay::probes::opencl
