// SPDX-License-Identifier: Apache-2.0
// assay-probe-runner: the process that computes, and may hang or crash, so that the agent does not.
#include <string_view>
#include <vector>

#include "probes/runner/program.h"

int main(int argc, char** argv) {
  const std::vector<std::string_view> arguments(argv + (argc > 0 ? 1 : 0), argv + argc);
  return assay::probes::run_program(arguments, [](assay::probes::Responder compute) { return compute; });
}
