// SPDX-License-Identifier: Apache-2.0
// One launch of a portable program on one unit, in plain C++: what a backend library does around it, with as little as possible.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "common/base/digest.h"
#include "probes/backend/device/portable.h"
#include "probes/backend/device/programs/plain.h"

namespace assay::probes::device {

class PlainJob {
 public:
  // Run i computes sets[i mod sets.size()].
  PlainJob(const Program& program, std::span<const uint32_t> sets, uint32_t runs, uint32_t teams = 1);

  // To be changed before run().
  AssayLaunch launch{};
  std::vector<uint64_t> operands;
  std::vector<uint64_t> expected;     // filling it makes the teams compare
  std::vector<uint32_t> hits;
  uint32_t hardware_unit = 7;

  void run();

  // What came of it.
  AssayUnit unit{};
  std::vector<AssayRun> results;
  std::vector<AssayRecord> records = std::vector<AssayRecord>(ASSAY_RECORDS);
  uint32_t record_count = 0;
  std::vector<uint64_t> scratch;
  Digest digest(uint32_t run) const { return {results[run].high, results[run].low}; }

 private:
  const PlainProgram& plain_;
  std::vector<uint32_t> slots_;
};

// Outputs of all steps of one run, by the program itself.
std::vector<uint64_t> outputs_of(const Program& program, uint32_t operand_set);

}  // namespace assay::probes::device
