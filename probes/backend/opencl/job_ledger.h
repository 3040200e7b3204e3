// SPDX-License-Identifier: Apache-2.0
// Gathers what the launches of one job gave into its result. Pure.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "probes/backend/device/accelerator.h"
#include "probes/backend/opencl/launch_words.h"

namespace assay::probes::opencl {

// What one launch left in the buffers of its unit.
struct LaunchOutcome {
  AssayUnit unit{};
  std::vector<AssayRun> runs;
  std::vector<AssayRecord> records;
  uint32_t records_asked = 0;      // may exceed their number
  Duration busy{};
};

class JobLedger {
 public:
  explicit JobLedger(const device::Job& job);

  // Whether the runs of that unit are complete so far: without that, later ones cannot count.
  bool goes_on(uint32_t position) const { return !ended_[position]; }
  void add(const Part& part, uint32_t position, const LaunchOutcome& outcome);
  device::JobResult take(Duration took);

 private:
  // Where no expected words were uploaded, the digest is compared with the golden in place of the device. A planted blindness holds for that too.
  bool is_wrong(uint32_t position, uint32_t run, const AssayRun& result) const;
  void add_records(const Part& part, uint32_t position, const LaunchOutcome& outcome);

  const device::Job& job_;
  device::JobResult result_;
  std::vector<bool> ended_;
};

}  // namespace assay::probes::opencl
