// SPDX-License-Identifier: Apache-2.0
#include "agent/telemetry/cpufreq.h"

#include <fmt/format.h>

namespace assay::agent {

Result<std::vector<Reading>> CpufreqReader::read(const FsRoot& root, MonoTime /*now*/) {
  std::vector<Reading> readings;
  for (const Device& device : devices_) {
    if (device.kind != DeviceKind::kCpuSocket) continue;
    double sum_khz = 0;
    size_t cores = 0;
    const size_t stride = (device.units.size() + kCoresRead - 1) / kCoresRead;
    for (size_t i = 0; i < device.units.size(); i += stride) {
      const auto khz = root.integer(fmt::format("/sys/devices/system/cpu/cpu{}/cpufreq/scaling_cur_freq", device.units[i]));
      if (!khz || *khz <= 0) continue;
      sum_khz += static_cast<double>(*khz);
      ++cores;
    }
    if (cores == 0) continue;
    readings.push_back({Quantity::kClockHertz, fmt::format("socket-{}", device.socket), "", device.socket, sum_khz / static_cast<double>(cores) * 1000.0});
  }
  if (readings.empty()) return no_source();
  return readings;
}

}  // namespace assay::agent
