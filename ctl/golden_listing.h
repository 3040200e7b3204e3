// SPDX-License-Identifier: Apache-2.0
// What a golden set holds and whether it can be trusted, as text and as documents (docs/reference/cli.md). Pure.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ctl/command.h"
#include "probes/goldens/golden_set.h"

namespace assay::ctl {

struct ListedGolden {
  std::string probe;           // "gemm.fp64.grid/1"
  uint64_t operand_sets = 0;   // 0: the catalogue has the probe, the set has no golden for it
  std::string hash;            // of the table; "" when there is none
};
// One line a probe of the catalogue.
std::vector<ListedGolden> list_goldens_of(const probes::GoldenSet& set);
std::vector<std::string> probes_without_golden(const probes::GoldenSet& set);
std::string golden_list_json(const std::vector<ListedGolden>& goldens, std::string_view folder);
std::string golden_list_text(const std::vector<ListedGolden>& goldens, const View& view);

struct GoldenCheck {
  std::string folder;
  std::string public_key;
  std::string problem;                 // "" when signature and hashes are right
  uint64_t files = 0;
  std::vector<std::string> missing;    // probes of the catalogue without a golden
};
// kFinding for a set that cannot be trusted, kUnknown when it lacks goldens, else kFine.
ExitCode exit_code_of(const GoldenCheck& check);
std::string golden_check_json(const GoldenCheck& check);
std::string golden_check_text(const GoldenCheck& check, const View& view);

}  // namespace assay::ctl
