// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/cuda/memory_plan.h"

#include <fmt/format.h>

#include <algorithm>

#include "probes/backend/cuda/arguments.inl"

namespace assay::probes::cuda {
namespace {

constexpr uint64_t kAlignment = 256;
constexpr uint64_t kShareOfFree = 50;  // 2 %
constexpr uint64_t kMebibyte = 1024 * 1024;
constexpr uint64_t kLargeArena = kMebibyte;        // of a team, from which on a program walks
constexpr uint64_t kWindowStep = 2 * kMebibyte;    // a page of the device

}  // namespace

MemoryPlan MemoryPlan::make(const device::ProgramShape& shape, const LaunchSizes& sizes) {
  MemoryPlan plan;
  const auto place = [&plan](uint64_t bytes) {
    const uint64_t at = plan.bytes;
    plan.bytes = (at + bytes + kAlignment - 1) / kAlignment * kAlignment;
    return at;
  };
  plan.launch = place(sizeof(AssayLaunch));
  plan.board = place(sizeof(AssayBoard));
  plan.units = place(uint64_t{sizes.unit_slots} * sizeof(AssayUnit));
  plan.slots = place(uint64_t{sizes.units} * sizes.set_count * sizeof(uint32_t));
  plan.hits = place((uint64_t{sizes.runs_per_unit} + 31) / 32 * sizeof(uint32_t));
  plan.records = place(uint64_t{ASSAY_RECORDS} * sizeof(AssayRecord));
  plan.results = place(uint64_t{sizes.units} * sizes.runs_per_unit * sizeof(AssayRun));
  plan.operands = place(uint64_t{sizes.sets} * shape.operand_words() * sizeof(uint64_t));
  plan.expected = place(sizes.has_expected ? uint64_t{sizes.sets} * shape.run_words() * sizeof(uint64_t) : 0);
  plan.scratch_bytes = uint64_t{sizes.units} * sizes.teams * shape.scratch_words * sizeof(uint64_t);
  plan.scratch = place(plan.scratch_bytes);
  return plan;
}

uint64_t memory_cap(uint64_t wanted_bytes, uint64_t free_bytes, uint64_t taken_bytes) {
  return std::min(wanted_bytes, (free_bytes + taken_bytes) / kShareOfFree);
}

bool walks(const device::ProgramShape& shape) { return shape.arena_words * sizeof(uint64_t) >= kLargeArena; }

uint64_t window_offset(uint64_t cap_bytes, uint64_t plan_bytes, uint64_t job) {
  if (plan_bytes >= cap_bytes) return 0;
  const uint64_t windows = (cap_bytes - plan_bytes) / kWindowStep + 1;
  return job % windows * kWindowStep;
}

Result<uint32_t> teams_within(const device::ProgramShape& shape, LaunchSizes sizes, uint64_t cap_bytes) {
  for (; sizes.teams > 0; --sizes.teams) {
    if (MemoryPlan::make(shape, sizes).bytes <= cap_bytes) return sizes.teams;
  }
  sizes.teams = 1;
  return make_error(ErrorCode::kLimit, fmt::format("{} needs {} MiB of device memory, {} MiB are allowed", shape.name,
                                                   MemoryPlan::make(shape, sizes).bytes / kMebibyte + 1, cap_bytes / kMebibyte));
}

uint32_t units_within(const device::ProgramShape& shape, LaunchSizes sizes, uint64_t cap_bytes) {
  sizes.teams = 1;
  const uint32_t all = sizes.units;
  // Groups of nearly one size, as few as will do.
  for (uint32_t groups = 1; groups <= all; ++groups) {
    sizes.units = (all + groups - 1) / groups;
    if (MemoryPlan::make(shape, sizes).bytes <= cap_bytes) return sizes.units;
  }
  return 1;
}

}  // namespace assay::probes::cuda
