// SPDX-License-Identifier: Apache-2.0
// assay-nvml-reader: reads NVIDIA GPUs for the agent, which starts, watches and kills it. Not for people: it speaks frames on descriptor 3.
#include <cstdio>
#include <string>
#include <string_view>

#include "agent/telemetry/nvml/session.h"

int main(int argc, char** argv) {
  constexpr int kSocket = 3;
  if (argc != 3 || std::string_view(argv[1]) != "--library") {
    std::fputs("assay-nvml-reader is started by assay-agent; see [nvml] in docs/reference/agent-config.md\n", stderr);
    return 64;
  }
  return assay::agent::nvml::Session(kSocket, argv[2]).run();
}
