// SPDX-License-Identifier: Apache-2.0
// The tables that the device reads at one launch. A job is done in launches one after the other, each a part of its runs of those units that still take
// part; each is complete in itself, so run 0 of a launch is run `first_run` of the job.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "probes/backend/cuda/arguments.inl"
#include "probes/backend/cuda/memory_plan.h"
#include "probes/backend/cuda/unit_map.h"
#include "probes/backend/device/accelerator.h"

namespace assay::probes::cuda {

// Which part of a job one launch does.
struct LaunchPart {
  uint32_t first_run = 0;
  uint32_t runs = 0;
  uint32_t teams = 0;
  uint64_t deadline_ns = 0;
  std::vector<uint32_t> wanted;      // positions in Job::units
};

// AssayUnit of every hardware number; of those wanted, index is the position in Job::units.
std::vector<AssayUnit> unit_table(const device::Job& job, const UnitMap& map, const LaunchPart& part);
// What goes to the device from the plan's start to MemoryPlan::records: launch, board, units, slots and hits at their offsets.
// The injection's step is taken modulo the steps of `shape`; where that has no state, it hits outputs.
std::vector<std::byte> launch_words(const device::ProgramShape& shape, const device::Job& job, const UnitMap& map, const MemoryPlan& plan, const LaunchPart& part);
AssayArguments launch_arguments(const MemoryPlan& plan, uint64_t base, const LaunchPart& part, bool exclusive, uint64_t hold_ns);

}  // namespace assay::probes::cuda
