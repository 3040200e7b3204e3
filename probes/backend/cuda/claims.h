// SPDX-License-Identifier: Apache-2.0
// What became of a launch: who was reached, what is complete, and what is still to be done. The table of claims is the certificate of coverage: a unit
// counts as reached when a block on it said so, not because the launch was meant to reach it.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "probes/backend/cuda/launch_words.h"
#include "probes/backend/cuda/unit_map.h"
#include "probes/backend/device/accelerator.h"

namespace assay::probes::cuda {

// Positions of part.wanted that no block came to.
std::vector<uint32_t> unreached(const device::Job& job, const UnitMap& map, const LaunchPart& part, std::span<const AssayUnit> table);

// Gathers the launches of one job into its result. One thread.
class JobLedger {
 public:
  JobLedger(const device::Job& job, const UnitMap& map);

  // Positions in Job::units of the units that are in reach and complete so far, and so go on with the next part.
  std::vector<uint32_t> going_on() const;
  // After a launch: `table` by hardware number; `runs` by position and run of the part.
  void add(const LaunchPart& part, std::span<const AssayUnit> table, std::span<const AssayRun> runs);
  // After the launches of one part: wanted units that none of them reached take no further part.
  void close(std::span<const uint32_t> unreached);
  // Records of a launch: units become indices (kNoUnit where the number is unknown), runs those of the job. `asked` may exceed their number.
  void add_records(const LaunchPart& part, std::span<const AssayRecord> records, uint32_t asked);
  device::JobResult take(Duration took);

  static constexpr uint32_t kNoUnit = ~0U;

 private:
  void add_runs(const LaunchPart& part, uint32_t position, std::span<const AssayRun> runs);

  const device::Job& job_;
  const UnitMap& map_;
  device::JobResult result_;
  std::vector<bool> ended_;          // by position: has a gap, so later runs cannot count
};

}  // namespace assay::probes::cuda
