// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/cuda/launch_words.h"

#include <algorithm>
#include <cstring>

#include "common/base/check.h"
#include "common/base/digest.h"

namespace assay::probes::cuda {
namespace {

uint32_t set_count_of(const device::Job& job) { return job.units.empty() ? 0 : static_cast<uint32_t>(job.units.front().slots.size()); }

bool is_wanted(const LaunchPart& part, size_t position) {
  for (const uint32_t wanted : part.wanted) {
    if (wanted == position) return true;
  }
  return false;
}

AssayLaunch launch_of(const device::ProgramShape& shape, const device::Job& job, const UnitMap& map, const LaunchPart& part) {
  AssayLaunch launch{};
  launch.unit_slots = map.bound();
  launch.runs_per_unit = part.runs;
  launch.set_count = set_count_of(job);
  launch.teams = part.teams;
  launch.has_expected = job.sets.empty() || job.sets.front().expected.empty() ? 0 : 1;
  launch.record_capacity = ASSAY_RECORDS;
  launch.blind = job.injection.shape == ASSAY_SHAPE_BLIND_COMPARATOR ? 1 : 0;
  // Its own for every launch: words of the launch before must not pass for written ones.
  launch.poison_seed = job.poison_seed + part.first_run * Digest64::kMultiplier;
  launch.deadline_ns = part.deadline_ns;
  launch.injection = job.injection;
  launch.injection.step %= std::max(shape.steps, 1U);
  if (shape.state_words == 0) launch.injection.hits_state = 0;
  launch.injection.shape = ASSAY_SHAPE_NONE;
  for (size_t position = 0; position < job.units.size(); ++position) {
    if (job.units[position].unit != job.injection.unit || !is_wanted(part, position)) continue;
    launch.injection.shape = job.injection.shape;
    launch.injection.unit = static_cast<uint32_t>(position);  // kernels know units by their position in the job
  }
  return launch;
}

// Slots of run 0, 1, ... of this launch for each unit.
std::vector<uint32_t> slot_table(const device::Job& job, const LaunchPart& part) {
  std::vector<uint32_t> table;
  const uint32_t count = set_count_of(job);
  for (const device::JobUnit& unit : job.units) {
    ASSAY_CHECK(unit.slots.size() == count);
    for (uint32_t i = 0; i < count; ++i) table.push_back(unit.slots[(part.first_run + i) % count]);
  }
  return table;
}

std::vector<uint32_t> hit_table(const device::Job& job, const LaunchPart& part) {
  std::vector<uint32_t> table((part.runs + 31) / 32, 0);
  for (uint32_t i = 0; i < part.runs; ++i) {
    const uint32_t run = part.first_run + i;
    if (run / 32 < job.hits.size() && (job.hits[run / 32] >> (run % 32) & 1) != 0) table[i / 32] |= 1U << (i % 32);
  }
  return table;
}

template <typename T>
void put(std::vector<std::byte>& bytes, uint64_t at, const T* from, size_t count) {
  ASSAY_CHECK(at + count * sizeof(T) <= bytes.size());
  if (count > 0) std::memcpy(bytes.data() + at, from, count * sizeof(T));
}

}  // namespace

std::vector<AssayUnit> unit_table(const device::Job& job, const UnitMap& map, const LaunchPart& part) {
  std::vector<AssayUnit> table(map.bound());
  for (const uint32_t position : part.wanted) {
    AssayUnit& unit = table[map.hardware_of(job.units[position].unit)];
    unit.wanted = 1;
    unit.index = position;
  }
  return table;
}

std::vector<std::byte> launch_words(const device::ProgramShape& shape, const device::Job& job, const UnitMap& map, const MemoryPlan& plan, const LaunchPart& part) {
  std::vector<std::byte> bytes(plan.records);
  const AssayLaunch launch = launch_of(shape, job, map, part);
  const AssayBoard board{};
  const std::vector<AssayUnit> units = unit_table(job, map, part);
  const std::vector<uint32_t> slots = slot_table(job, part);
  const std::vector<uint32_t> hits = hit_table(job, part);
  put(bytes, plan.launch, &launch, 1);
  put(bytes, plan.board, &board, 1);
  put(bytes, plan.units, units.data(), units.size());
  put(bytes, plan.slots, slots.data(), slots.size());
  put(bytes, plan.hits, hits.data(), hits.size());
  return bytes;
}

AssayArguments launch_arguments(const MemoryPlan& plan, uint64_t base, const LaunchPart& part, bool exclusive, uint64_t hold_ns) {
  AssayArguments arguments{};
  arguments.launch = base + plan.launch;
  arguments.units = base + plan.units;
  arguments.slots = base + plan.slots;
  arguments.hits = base + plan.hits;
  arguments.operands = base + plan.operands;
  arguments.expected = base + plan.expected;
  arguments.scratch = base + plan.scratch;
  arguments.results = base + plan.results;
  arguments.records = base + plan.records;
  arguments.board = base + plan.board;
  arguments.hold_ns = hold_ns;
  arguments.exclusive = exclusive ? 1 : 0;
  arguments.wanted = static_cast<uint32_t>(part.wanted.size());
  return arguments;
}

}  // namespace assay::probes::cuda
