// SPDX-License-Identifier: Apache-2.0
// The memory of one launch of the simulated device: what a real backend would copy to the device and back.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "probes/backend/device/accelerator.h"
#include "probes/backend/device/portable.h"
#include "probes/backend/device/programs/plain.h"

namespace assay::probes::simulated {

// Hardware numbers have gaps, as those of a chip with units fused off have.
uint32_t hardware_number(uint32_t unit);

// Used once. add up: make, run teams (several threads may, each another team), take the result.
class LaunchBoard {
 public:
  static constexpr uint32_t kTeams = 2;   // of a unit

  // `spoils(unit)`: the unit computes wrong. References outlive the board.
  LaunchBoard(const device::Job& job, const device::Program& program, const std::function<bool(uint32_t unit)>& spoils);

  size_t units() const { return job_.units.size(); }
  // One team of the unit at that position of the job, as far as the deadline allows.
  void run_team(const device::PlainProgram& plain, size_t position, uint32_t team);
  // `reached` by position; the others were held by something else.
  device::JobResult result(const std::vector<bool>& reached) const;

 private:
  device::JobUnitResult unit_result(size_t position) const;

  const device::Job& job_;
  const device::ProgramShape& shape_;
  AssayLaunch launch_{};
  std::vector<AssayUnit> table_;          // by hardware number
  std::vector<uint32_t> slots_;
  std::vector<uint32_t> hits_;
  std::vector<uint64_t> operands_;
  std::vector<uint64_t> wrong_operands_;  // what a unit that computes wrong makes of them
  std::vector<uint64_t> expected_;
  std::vector<uint64_t> scratch_;
  std::vector<AssayRun> runs_;
  std::vector<AssayRecord> records_;
  uint32_t record_count_ = 0;
  std::vector<bool> spoilt_;              // by position
};

}  // namespace assay::probes::simulated
