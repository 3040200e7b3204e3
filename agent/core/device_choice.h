// SPDX-License-Identifier: Apache-2.0
// Which of the devices that the backends found are probed: no silicon twice, and nothing that the operator left out.
#pragma once

#include <string>
#include <vector>

#include "common/model/device.h"

namespace assay::agent {

inline constexpr std::string_view kHostBackend = "host";

struct FoundDevice {
  Device device;
  std::string backend;               // "host", "cuda"
};

struct DeviceRules {
  std::vector<std::string> include;  // ids that are probed though another id is of the same part, or a processor poses as an accelerator
  std::vector<std::string> exclude;  // ids that are not probed
};

struct DeviceChoice {
  struct LeftOut {
    std::string id;
    std::string why;                 // in words
  };
  std::vector<FoundDevice> chosen;   // in the order found, at most limits::kDevicesPerNode
  std::vector<LeftOut> left_out;
};

// `found` in the order of the configured backends: the first to find a part has it. Pure.
DeviceChoice choose_devices(std::vector<FoundDevice> found, const DeviceRules& rules);

}  // namespace assay::agent
