// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cstdlib>

#include <fmt/format.h>

#include "probes/runner/protocol.h"

namespace assay::probes {

std::vector<std::string> runner_environment() {
  // Which devices drivers show, where PoCL keeps what it compiled, and the simulated device (probes/backend/simulated).
  constexpr std::array kPassed = {"CUDA_VISIBLE_DEVICES", "OCL_ICD_VENDORS", "POCL_CACHE_DIR", "ASSAY_SIMULATED_DEVICES", "ASSAY_SIMULATED_UNITS",
                                  "ASSAY_SIMULATED_SCRIPT"};
  std::vector<std::string> environment{"PATH=/usr/bin:/bin", "LC_ALL=C"};
  for (const char* name : kPassed) {
    if (const char* value = std::getenv(name)) environment.push_back(fmt::format("{}={}", name, value));  // NOLINT(concurrency-mt-unsafe)
  }
  return environment;
}

}  // namespace assay::probes
