// SPDX-License-Identifier: Apache-2.0
// `assayctl probe run`: one run of a probe on this machine, through the runner, against the signed goldens.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "ctl/command.h"
#include "probes/runner/protocol.h"

namespace assay::ctl {

struct RunProbeOptions {
  std::string probe;
  std::optional<uint32_t> unit;
  uint32_t socket = 0;
  std::string device;      // id; "": the CPU socket
  uint32_t set = 0;
  uint32_t sets = 1;
  std::optional<uint32_t> runs;
  std::string variant;
  std::string budget = "10s";
  std::string inject;
  std::optional<uint32_t> step;
  std::string mask;
};

// What the options ask of a device; the goldens are not filled in. kInvalid naming the option that is out of range. Pure.
Result<probes::RunRequest> plan_run(const RunProbeOptions& options, const ProbeSpec& spec, const Device& device);

Result<ExitCode> run_probe(Invocation& invocation, const RunProbeOptions& options);

}  // namespace assay::ctl
