// SPDX-License-Identifier: Apache-2.0
// What the log says about what the rules did: one line a finding or decision, in an operator's words.
#pragma once

#include <string>
#include <vector>

#include "collector/core/action.h"
#include "common/base/log.h"

namespace assay::collector {

struct LogLine {
  log::Level level = log::Level::kInfo;
  std::string text;
  friend bool operator==(const LogLine&, const LogLine&) = default;
};

// The lines for the actions of one commit, in order. Pure. A decision is told once, with the retests that bear it and what became
// of the drain hook: "quarantined node-1 cpu-node-1-s0: confirmed_unit: gemm.fp64.grid/1 operand set 17 on unit 1, 10 of 10
// retests wrong; drain hook started (decision 4)". What a drill did begins with "[drill] ".
std::vector<LogLine> narrate(const std::vector<Action>& actions);

}  // namespace assay::collector
