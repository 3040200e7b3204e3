// SPDX-License-Identifier: Apache-2.0
// Measures how long a run of each probe takes in each variant that this machine has, where no agent has learned it yet.
#pragma once

#include <functional>
#include <vector>

#include "common/model/device.h"
#include "ctl/coverage_cost.h"
#include "ctl/runner_session.h"
#include "probes/runner/protocol.h"

namespace assay::ctl {

using RunOnce = std::function<Result<RunnerAnswer>(const probes::RunRequest&)>;

// Three runs of every variant on the first unit of the first CPU socket, one after another, without goldens: it measures time and judges
// nothing. The hours are those of an agent with default settings. A variant that gives no run has no time. kNotFound without a CPU socket.
Result<CoverageCost> calibrate(const RunnerInventory& inventory, const RunOnce& run);

}  // namespace assay::ctl
