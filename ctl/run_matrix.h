// SPDX-License-Identifier: Apache-2.0
// `assayctl probe matrix`: plants every shape of fault in every probe on this machine, through the runner, and counts what is found.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "ctl/command.h"

namespace assay::ctl {

struct MatrixOptions {
  std::string probe;        // "" for all
  std::string variant;      // "" for all
  std::string fault;        // "" for all
  uint32_t trials = 10;     // of each cell; hangs and crashes, which cost a runner each, a fifth of that
  uint64_t seed = 1;
  std::optional<uint32_t> unit;   // default: trials take turns over all units
  uint32_t socket = 0;
  bool markdown = false;
};

Result<ExitCode> run_matrix(Invocation& invocation, const MatrixOptions& options);

}  // namespace assay::ctl
