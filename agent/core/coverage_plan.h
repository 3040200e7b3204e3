// SPDX-License-Identifier: Apache-2.0
// What covering a device costs at its budget: per probe and variant the cells, the time of a run, and how long one pass over all of them takes.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "agent/core/scheduler.h"

namespace assay::agent {

// A probe in one variant.
struct LanePlan {
  Variant variant;
  LaneCoverage coverage;
  std::optional<double> run_seconds;    // of one run, learned from slices; absent until one ran
  double slice_seconds = 0;             // what a slice of it is given
  // Time that one slice in each of its supported cells takes at the configured budget, when nothing else ran; absent with a budget of zero.
  std::optional<double> pass_seconds;
};

struct ProbePlan {
  ProbeRef probe;
  GoldenTier tier = GoldenTier::kT0Analytic;
  uint32_t operand_sets = 0;
  std::vector<LanePlan> variants;       // strongest first
};

struct CoveragePlan {
  std::string device_id;
  uint64_t units = 0;
  double budget_ratio = 0;
  std::vector<ProbePlan> probes;        // in the order of the catalogue
};

CoveragePlan plan_of(const Device& device, std::span<const ProbeSpec> probes, const Scheduler& scheduler);

}  // namespace assay::agent
