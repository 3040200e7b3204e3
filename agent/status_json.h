// SPDX-License-Identifier: Apache-2.0
// The documents of the local socket (docs/reference/api.md, "Local socket of the agent") as JSON text.
#pragma once

#include <string>

#include "agent/core/coverage_plan.h"
#include "agent/core/node_check.h"
#include "agent/metrics.h"
#include "common/base/result.h"
#include "common/model/incident.h"

namespace assay::agent {

// What "status" answers; `incidents` are all that the agent remembers, of every device.
std::string status_json(const std::string& node, const std::string& url, const MetricsSnapshot& snapshot, const std::vector<Incident>& incidents);
std::string node_check_json(const NodeCheck& check);
// What "probes" answers.
std::string plan_json(const std::string& node, const std::vector<CoveragePlan>& plans);
// What "run" answers: the one unit's result.
std::string run_json(const Observation& observation);
std::string error_json(const Error& error);

}  // namespace assay::agent
