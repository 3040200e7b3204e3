// SPDX-License-Identifier: Apache-2.0
// The work of one unit's thread: pin, make the kernel, run operand set after operand set until the budget is spent, compare.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "probes/backend/host/capture.h"
#include "probes/backend/host/injector.h"
#include "probes/backend/host/slice.h"
#include "probes/backend/judgement.h"

namespace assay::probes::host {

// The first run of a unit that differed from its golden, as it was.
struct Failure {
  uint32_t run = 0;
  uint32_t operand_set = 0;
  Digest expected;
  Digest actual;
  Capture capture;
  uint32_t cpu_before = 0;
  uint32_t cpu_after = 0;
};

struct UnitOutcome {
  UnitRun run;
  std::optional<Failure> failure;
  std::string detail;     // why the unit could not be measured, in words
  std::string remark;     // of the kernel, by the first unit of a slice
};

// Computes operand set `set` into `capture`, checking between steps for the end of the slice and at the end (after each step, where
// outputs are too large to keep) for words that were left poisoned. Sets the floating-point environment.
RunEnd compute_run(Kernel& kernel, const Slice& slice, Injector& injector, Capture& capture, uint32_t unit, uint32_t run, uint32_t set);

// The whole thread body for request.work[index]; nothing is thrown.
UnitOutcome run_unit(const Slice& slice, size_t index);

}  // namespace assay::probes::host
