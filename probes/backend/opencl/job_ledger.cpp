// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/opencl/job_ledger.h"

#include <algorithm>

namespace assay::probes::opencl {

JobLedger::JobLedger(const device::Job& job) : job_(job), ended_(job.units.size(), false) {
  for (const device::JobUnit& unit : job.units) result_.units.emplace_back().unit = unit.unit;
}

bool JobLedger::is_wrong(uint32_t position, uint32_t run, const AssayRun& result) const {
  if (result.wrong_words != 0) return true;
  const device::JobUnit& unit = job_.units[position];
  const device::JobSet& set = job_.sets[unit.slots[run % unit.slots.size()]];
  if (!set.expected.empty() || set.golden == Digest{}) return false;
  const bool hit = unit.unit == job_.injection.unit && run / 32 < job_.hits.size() && ((job_.hits[run / 32] >> (run % 32)) & 1) != 0;
  if (hit && job_.injection.shape == ASSAY_SHAPE_BLIND_COMPARATOR) return false;
  return Digest{result.high, result.low} != set.golden;
}

void JobLedger::add(const Part& part, uint32_t position, const LaunchOutcome& outcome) {
  device::JobUnitResult& unit = result_.units[position];
  unit.reached = unit.reached || outcome.unit.claims != 0;
  unit.moved = unit.moved || outcome.unit.moved != 0;
  unit.not_executed += outcome.unit.not_executed;
  unit.busy += outcome.busy;
  for (uint32_t i = 0; i < part.runs && !ended_[position]; ++i) {
    const AssayRun& run = outcome.runs[i];
    ended_[position] = run.done != 1;
    if (ended_[position]) break;
    unit.digests.push_back({run.high, run.low});
    if (is_wrong(position, part.first_run + i, run)) ++unit.wrong;
  }
  add_records(part, position, outcome);
}

void JobLedger::add_records(const Part& part, uint32_t position, const LaunchOutcome& outcome) {
  result_.records_lost += outcome.records_asked - std::min<uint64_t>(outcome.records_asked, outcome.records.size());
  for (AssayRecord record : outcome.records) {
    if (result_.records.size() >= ASSAY_RECORDS) {
      ++result_.records_lost;
      continue;
    }
    record.unit = job_.units[position].unit;
    record.unit_after = record.unit;
    record.run += part.first_run;
    result_.records.push_back(record);
  }
}

device::JobResult JobLedger::take(Duration took) {
  result_.took = took;
  return std::move(result_);
}

}  // namespace assay::probes::opencl
