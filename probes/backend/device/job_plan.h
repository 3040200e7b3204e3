// SPDX-License-Identifier: Apache-2.0
// Which units, runs and operand sets go into the next launch.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "probes/backend/device/accelerator.h"
#include "probes/backend/device/unit_account.h"

namespace assay::probes::device {

struct PlannedUnit {
  size_t account = 0;                 // index into the accounts
  std::vector<uint32_t> slots;        // indices into JobPlan::sets
};

struct JobPlan {
  uint32_t runs = 0;                  // of each unit
  std::vector<uint32_t> sets;         // numbers of operand sets, each once
  std::vector<PlannedUnit> units;     // empty: nothing is left to do
};

struct PlanLimits {
  uint32_t runs = 1;                  // of each unit in this launch, above 0
  uint32_t max_runs = 0;              // of each unit in the slice; 0: no limit
  uint32_t set_count = 1;             // operand sets a unit goes through before it starts again
  size_t sets = 1;                    // that fit the memory of a launch, above 0
};

// Those that have done least come first; who does not fit is first the next time. Pure.
JobPlan plan_job(std::span<const UnitAccount> accounts, const PlanLimits& limits);

}  // namespace assay::probes::device
