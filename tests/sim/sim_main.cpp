// SPDX-License-Identifier: Apache-2.0
// assay-sim: stormy fleets, one seed after the other, until one breaks a promise. The seed it prints replays it.
#include <cstdio>
#include <string_view>

#include <fmt/format.h>

#include "common/base/parse.h"
#include "tests/sim/world.h"

namespace {

constexpr char kUsage[] = "usage: assay-sim [--seed N] [--runs N] [--minutes N]\n"
                          "  --seed N     first seed (default 1); later runs take the seeds after it\n"
                          "  --runs N     how many (default 10)\n"
                          "  --minutes N  of fleet time each, besides the calm at the end (default 20)\n";

}  // namespace

int main(int argc, char** argv) {
  uint64_t seed = 1;
  uint64_t runs = 10;
  uint64_t minutes = 20;
  for (int i = 1; i < argc; ++i) {
    const std::string_view name = argv[i];
    uint64_t* value = name == "--seed" ? &seed : name == "--runs" ? &runs : name == "--minutes" ? &minutes : nullptr;
    const auto number = value != nullptr && i + 1 < argc ? assay::parse_u64(argv[++i]) : assay::make_error(assay::ErrorCode::kInvalid, "");
    if (!number) {
      std::fputs(kUsage, name == "--help" ? stdout : stderr);
      return name == "--help" ? 0 : 64;
    }
    *value = *number;
  }
  for (uint64_t run = 0; run < runs; ++run) {
    assay::sim::Plan plan = assay::sim::stormy_plan(seed + run);
    plan.length = std::chrono::minutes{minutes};
    const assay::sim::Outcome outcome = assay::sim::run(plan);
    fmt::print("seed {}: {} nodes, {} reports, {} incidents, {} decisions, {} quarantined, {} probes frozen: {}\n", seed + run, plan.nodes,
               outcome.reports, outcome.incidents, outcome.decisions, outcome.real_quarantines, outcome.frozen_probes,
               outcome.broken.empty() ? "every promise kept" : "BROKEN");
    for (const std::string& broken : outcome.broken) fmt::print("  {}\n", broken);
    if (!outcome.broken.empty()) {
      fmt::print("replay with: assay-sim --seed {} --runs 1 --minutes {}\n", seed + run, minutes);
      return 1;
    }
  }
  return 0;
}
