// SPDX-License-Identifier: Apache-2.0
// A whole simulated fleet, run from one seed to one verdict.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tests/sim/ledger.h"
#include "tests/sim/plan.h"
#include "tests/sim/sim_agent.h"
#include "tests/sim/sim_collector.h"
#include "tests/sim/timeline.h"

namespace assay::sim {

struct Outcome {
  std::vector<std::string> broken;               // promises that were broken, in words; empty is good
  std::map<std::string, DeviceState> states;     // of the devices at the end, by node
  uint64_t reports = 0;
  uint64_t decisions = 0;
  uint64_t real_quarantines = 0;
  uint64_t frozen_probes = 0;
  uint64_t incidents = 0;
  std::string trace;                             // a digest of the end state: equal seeds give equal traces
};

// Runs the plan to its end. Deterministic: everything follows from the plan.
Outcome run(const Plan& plan);

// A plan with everything going wrong at once, different for each seed: what `assay-sim` runs for hours.
Plan stormy_plan(uint64_t seed);

}  // namespace assay::sim
