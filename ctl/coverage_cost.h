// SPDX-License-Identifier: Apache-2.0
// What covering this node costs: per probe and variant the time of a run, the cells, and the time of one pass over them at the budget. Pure.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"

namespace assay::ctl {

// A probe in one variant, over all devices of the node.
struct VariantCost {
  std::string variant;                      // "" where the runner did not name it
  std::string silicon;                      // the part of the chip that it works on
  uint64_t cells = 0;                       // variant x units of all devices; those that do not run here are not among them
  std::optional<uint64_t> cells_covered;
  std::optional<double> run_s;              // one run on one unit; of several devices the slowest
  std::optional<double> hours_to_cover;     // one slice in each cell at the budget, devices side by side
};

struct ProbeCost {
  std::string tier;                         // "" when not told
  uint64_t operand_sets = 0;                // 0 when not told
  std::vector<VariantCost> variants;        // strongest first

  uint64_t cells() const;
  std::optional<uint64_t> cells_covered() const;
  // Of all variants, when it is known of each.
  std::optional<double> hours_to_cover() const;
};

struct CoverageCost {
  std::string source;                       // "agent" or "calibration"
  std::string node;                         // of the agent; "" for a calibration
  double budget_ratio = 0;
  std::map<std::string, ProbeCost> probes;  // by "id/version"

  // Of the probes together.
  ProbeCost total() const;
};

// From the agent's answer to "probes". kCorrupt when it is no such document.
Result<CoverageCost> cost_from_agent(std::string_view json);

}  // namespace assay::ctl
