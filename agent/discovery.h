// SPDX-License-Identifier: Apache-2.0
// Asks the runner which devices this machine has: the agent itself looks at no hardware.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "common/base/clock.h"
#include "common/base/result.h"
#include "common/model/device.h"

namespace assay::agent {

struct DiscoveryOptions {
  std::filesystem::path runner;
  std::string node;
  bool synthetic_identity = false;
  Duration deadline{std::chrono::seconds{20}};
};

// kUnavailable when the runner cannot be started, does not answer in time, or finds nothing; at most limits::kDevicesPerNode devices, each with units.
Result<std::vector<Device>> discover_devices(const DiscoveryOptions& options);

}  // namespace assay::agent
