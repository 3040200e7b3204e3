// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/cuda/claims.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace assay::probes::cuda {
namespace {

// The runs that a blind comparator may not see.
bool is_blind(const device::Job& job, uint32_t unit, uint32_t run) {
  return job.injection.shape == ASSAY_SHAPE_BLIND_COMPARATOR && job.injection.unit == unit && run / 32 < job.hits.size() &&
         (job.hits[run / 32] >> (run % 32) & 1) != 0;
}

}  // namespace

std::vector<uint32_t> unreached(const device::Job& job, const UnitMap& map, const LaunchPart& part, std::span<const AssayUnit> table) {
  std::vector<uint32_t> left;
  std::ranges::copy_if(part.wanted, std::back_inserter(left),
                       [&](uint32_t position) { return table[map.hardware_of(job.units[position].unit)].claims == 0; });
  return left;
}

JobLedger::JobLedger(const device::Job& job, const UnitMap& map) : job_(job), map_(map), ended_(job.units.size(), false) {
  for (const device::JobUnit& unit : job.units) {
    device::JobUnitResult result;
    result.unit = unit.unit;
    result.out_of_reach = !map.is_reachable(unit.unit);
    ended_[result_.units.size()] = result.out_of_reach;
    result_.units.push_back(std::move(result));
  }
}

std::vector<uint32_t> JobLedger::going_on() const {
  std::vector<uint32_t> positions;
  for (uint32_t position = 0; position < ended_.size(); ++position) {
    if (!ended_[position]) positions.push_back(position);
  }
  return positions;
}

void JobLedger::add(const LaunchPart& part, std::span<const AssayUnit> table, std::span<const AssayRun> runs) {
  for (const uint32_t position : part.wanted) {
    const AssayUnit& seen = table[map_.hardware_of(job_.units[position].unit)];
    if (seen.claims == 0) continue;
    device::JobUnitResult& unit = result_.units[position];
    unit.reached = true;
    unit.moved = unit.moved || seen.moved != 0;
    unit.wrong += seen.wrong;
    unit.not_executed += seen.not_executed;
    unit.busy += std::chrono::nanoseconds(seen.busy_ns);
    add_runs(part, position, runs.subspan(size_t{position} * part.runs, part.runs));
  }
}

void JobLedger::add_runs(const LaunchPart& part, uint32_t position, std::span<const AssayRun> runs) {
  const device::JobUnit& unit = job_.units[position];
  device::JobUnitResult& result = result_.units[position];
  for (uint32_t i = 0; i < runs.size() && !ended_[position]; ++i) {
    if (runs[i].done != 1) {
      ended_[position] = true;
      continue;
    }
    const uint32_t run = part.first_run + i;
    const Digest digest{runs[i].high, runs[i].low};
    const device::JobSet& set = job_.sets[unit.slots[run % unit.slots.size()]];
    // Where the device had nothing to compare with, its digest is compared here.
    if (set.expected.empty() && set.golden != Digest{} && digest != set.golden && !is_blind(job_, unit.unit, run)) ++result.wrong;
    result.digests.push_back(digest);
  }
}

void JobLedger::close(std::span<const uint32_t> unreached) {
  for (const uint32_t position : unreached) ended_[position] = true;
}

void JobLedger::add_records(const LaunchPart& part, std::span<const AssayRecord> records, uint32_t asked) {
  for (AssayRecord record : records) {
    if (result_.records.size() >= ASSAY_RECORDS) {
      ++result_.records_lost;
      continue;
    }
    record.unit = map_.index_of(record.unit).value_or(kNoUnit);
    record.unit_after = map_.index_of(record.unit_after).value_or(kNoUnit);
    record.run += part.first_run;
    result_.records.push_back(record);
  }
  result_.records_lost += asked - std::min<uint64_t>(asked, records.size());
}

device::JobResult JobLedger::take(Duration took) {
  result_.took = took;
  return std::move(result_);
}

}  // namespace assay::probes::cuda
