// SPDX-License-Identifier: Apache-2.0
// Asks the runner which devices this machine has and which variants of the probes run here: the agent itself looks at no hardware.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "common/base/clock.h"
#include "common/base/result.h"
#include "common/model/device.h"
#include "probes/runner/protocol.h"

namespace assay::agent {

struct DiscoveryOptions {
  std::filesystem::path runner;
  std::string node;
  bool synthetic_identity = false;
  Duration deadline{std::chrono::seconds{20}};
  std::string backend{"host"};                  // whose devices: a driver that hangs hides no other's
};

struct Discovered {
  std::vector<Device> devices;
  std::vector<probes::ProbeVariant> variants;   // empty when the runner does not tell
};

// kUnavailable when the runner cannot be started, does not answer in time, or finds no cores; another backend may well find nothing. At most
// limits::kDevicesPerNode devices, each with units.
Result<Discovered> discover_devices(const DiscoveryOptions& options);

}  // namespace assay::agent
