// SPDX-License-Identifier: Apache-2.0
// The catalogue of this build, with what a collector knows about each probe and what this node pays for it beside it. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/model/probe_spec.h"
#include "ctl/command.h"
#include "ctl/coverage_cost.h"

namespace assay::ctl {

// What a collector adds to one probe.
struct ProbeUse {
  std::string mode;
  uint64_t runs = 0;
  uint64_t mismatches = 0;
  uint64_t inconclusive = 0;
  std::vector<std::string> frozen;   // cohorts
};

// One line of the list. `spec` fields are the build's; a probe that only the collector knows has no spec.
struct ListedProbe {
  std::string probe;                 // "gemm.fp64.grid/1"
  std::string family;
  std::string precision;
  std::string tier;
  std::string exercises;
  uint64_t operand_sets = 0;
  std::optional<uint64_t> weight;
  std::optional<uint64_t> memory_bytes;
  std::optional<ProbeUse> use;
  std::optional<ProbeCost> cost;     // of this node
};

// How much is said: a line a probe, or a line a variant below it as well.
enum class ListDetail { kProbes, kVariants };

// `api_json` is the answer to GET /v1/probes, "" when there is no collector; `cost` what this node pays, where that is known. kCorrupt when the
// former is no JSON object.
Result<std::vector<ListedProbe>> list_probes(std::string_view api_json, const std::optional<CoverageCost>& cost = std::nullopt);
std::string probe_list_json(const std::vector<ListedProbe>& probes, const std::optional<CoverageCost>& cost = std::nullopt);
std::string probe_list_text(const std::vector<ListedProbe>& probes, const std::optional<CoverageCost>& cost, ListDetail detail, const View& view);

}  // namespace assay::ctl
