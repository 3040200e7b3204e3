// SPDX-License-Identifier: Apache-2.0
#include "agent/telemetry/thermal_throttle.h"

#include <fmt/format.h>

namespace assay::agent {

Result<std::vector<Reading>> ThermalThrottleReader::read(const FsRoot& root, MonoTime /*now*/) {
  std::vector<Reading> readings;
  for (const Device& device : devices_) {
    if (device.kind != DeviceKind::kCpuSocket || device.units.empty()) continue;
    const auto count = [&](uint32_t cpu, std::string_view file) {
      return root.integer(fmt::format("/sys/devices/system/cpu/cpu{}/thermal_throttle/{}", cpu, file));
    };
    const std::string source = fmt::format("socket-{}", device.socket);
    if (const auto package = count(device.units.front(), "package_throttle_count")) {
      readings.push_back({Quantity::kThrottleEvents, source, "package", device.socket, static_cast<double>(*package)});
    }
    double cores = 0;
    bool any = false;
    for (const uint32_t cpu : device.units) {
      const auto core = count(cpu, "core_throttle_count");
      if (!core) break;  // absent on one is absent on all: no need to ask a hundred more
      cores += static_cast<double>(*core);
      any = true;
    }
    if (any) readings.push_back({Quantity::kThrottleEvents, source, "cores", device.socket, cores});
  }
  if (readings.empty()) return no_source();
  return readings;
}

}  // namespace assay::agent
