// SPDX-License-Identifier: Apache-2.0
// Many trials from one seed: which probe, which operand sets, which target and when follow from the seed and the number of the trial; which
// instruction is hit does not, for it depends on the clock.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/clock.h"
#include "common/base/result.h"
#include "tests/injector/fate.h"
#include "tests/injector/flip.h"

namespace assay::injector {

struct CampaignOptions {
  std::filesystem::path runner;
  std::filesystem::path goldens;
  std::string probe;          // "" for all
  uint64_t trials = 200;
  uint64_t first = 0;         // number of the first trial: to continue, or to repeat one
  uint64_t seed = 1;
  bool verbose = false;       // a line a trial on standard error
};

struct UndetectedTrial {
  uint64_t number = 0;
  std::string words;          // probe, target, what was flipped, what was wrong
};

struct CampaignReport {
  using Row = std::array<uint64_t, static_cast<size_t>(kLastFate) + 1>;
  std::array<Row, static_cast<size_t>(kLastTarget) + 1> counts{};   // by target and fate
  std::vector<UndetectedTrial> undetected;
  uint64_t late = 0;          // the runner had answered before it could be stopped: no trial
  uint64_t trials() const;
  uint64_t with(Fate fate) const;
};

// kPermission when ptrace is not allowed here; kUnavailable when a run without a flip does not match.
Result<CampaignReport> run_campaign(const CampaignOptions& options);

std::string report_text(const CampaignReport& report);
// docs/measured/outside-injector.md, ending in a newline.
std::string report_markdown(const CampaignReport& report, const CampaignOptions& options);

}  // namespace assay::injector
