// SPDX-License-Identifier: Apache-2.0
// How often cores and packages were throttled for heat since boot (Intel; AMD has no such files).
#pragma once

#include "agent/telemetry/reader.h"

namespace assay::agent {

class ThermalThrottleReader final : public Reader {
 public:
  explicit ThermalThrottleReader(std::vector<Device> devices) : devices_(std::move(devices)) {}
  std::string_view name() const override { return "thermal_throttle"; }
  Result<std::vector<Reading>> read(const FsRoot& root, MonoTime now) override;

 private:
  std::vector<Device> devices_;
};

}  // namespace assay::agent
