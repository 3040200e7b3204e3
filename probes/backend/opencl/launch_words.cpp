// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/opencl/launch_words.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/base/digest.h"

namespace assay::probes::opencl {
namespace {

bool compares(const device::Job& job) { return !job.sets.empty() && !job.sets.front().expected.empty(); }

AssayInjection fault_of(const device::Job& job, const device::ProgramShape& shape, uint32_t position) {
  AssayInjection fault = job.injection;
  if (job.units[position].unit != fault.unit) fault.shape = ASSAY_SHAPE_NONE;
  fault.unit = 0;   // each launch has a table of one unit
  fault.step %= std::max(shape.steps, 1U);
  if (shape.state_words == 0) fault.hits_state = 0;
  return fault;
}

}  // namespace

LaunchWords launch_words(const device::Job& job, const device::ProgramShape& shape, const Part& part, uint32_t position) {
  const device::JobUnit& unit = job.units[position];
  LaunchWords words;
  words.launch.unit_slots = 1;
  words.launch.runs_per_unit = part.runs;
  words.launch.set_count = static_cast<uint32_t>(unit.slots.size());
  words.launch.teams = part.teams;
  words.launch.has_expected = compares(job) ? 1 : 0;
  words.launch.record_capacity = ASSAY_RECORDS;
  words.launch.blind = job.injection.shape == ASSAY_SHAPE_BLIND_COMPARATOR ? 1 : 0;
  // frame.inl adds the run's number times the same constant: no two runs of a job share their poison.
  words.launch.poison_seed = job.poison_seed + ((uint64_t{position} << 32) | part.first_run) * Digest64::kMultiplier;
  words.launch.injection = fault_of(job, shape, position);
  const auto count = static_cast<uint32_t>(unit.slots.size());
  for (uint32_t i = 0; i < count; ++i) words.slots.push_back(unit.slots[(part.first_run + i) % count]);
  words.hits.assign((part.runs + 31) / 32, 0);
  for (uint32_t i = 0; i < part.runs; ++i) {
    const uint32_t run = part.first_run + i;
    if (run / 32 < job.hits.size() && ((job.hits[run / 32] >> (run % 32)) & 1) != 0) words.hits[i / 32] |= 1U << (i % 32);
  }
  return words;
}

uint32_t runs_of_launch(uint32_t left, uint32_t teams, Duration time_of_round) {
  if (time_of_round <= Duration::zero()) return std::min(left, teams);
  const int64_t rounds = std::max<int64_t>(kLaunchTime / time_of_round, 1);
  return static_cast<uint32_t>(std::min<int64_t>(left, rounds * teams));
}

MemoryNeed memory_need(const device::ProgramShape& shape, uint64_t sets, bool has_expected, uint32_t runs_per_unit, uint32_t teams) {
  MemoryNeed need;
  need.operands = sets * shape.operand_words() * sizeof(uint64_t);
  need.expected = has_expected ? sets * shape.run_words() * sizeof(uint64_t) : 0;
  need.scratch = uint64_t{teams} * shape.scratch_words * sizeof(uint64_t);
  need.results = uint64_t{runs_per_unit} * sizeof(AssayRun);
  need.small = sizeof(AssayLaunch) + sizeof(AssayUnit) + sets * sizeof(uint32_t) + runs_per_unit / 8 + 4 + ASSAY_RECORDS * sizeof(AssayRecord) + sizeof(uint32_t);
  return need;
}

Result<uint32_t> teams_within(const device::Job& job, const device::ProgramShape& shape, uint32_t wanted, const MemoryLimits& limits) {
  MemoryNeed need;
  for (uint32_t teams = std::max(wanted, 1U); teams > 0; --teams) {
    need = memory_need(shape, job.sets.size(), compares(job), job.runs_per_unit, teams);
    if (need.all(job.units.size()) <= limits.bytes && std::max({need.operands, need.expected, need.scratch}) <= limits.buffer_bytes) return teams;
  }
  return make_error(ErrorCode::kLimit, fmt::format("{} needs {} KiB of device memory, {} KiB are allowed: ask for fewer operand sets or units at a time", shape.name,
                                                   need.all(job.units.size()) / 1024 + 1, limits.bytes / 1024));
}

}  // namespace assay::probes::opencl
