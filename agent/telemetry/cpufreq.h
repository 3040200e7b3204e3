// SPDX-License-Identifier: Apache-2.0
// Clock of each socket: the mean of scaling_cur_freq over a few of its cores.
#pragma once

#include "agent/telemetry/reader.h"

namespace assay::agent {

class CpufreqReader final : public Reader {
 public:
  static constexpr size_t kCoresRead = 16;   // per socket; reading one may wake it

  explicit CpufreqReader(std::vector<Device> devices) : devices_(std::move(devices)) {}
  std::string_view name() const override { return "cpufreq"; }
  Result<std::vector<Reading>> read(const FsRoot& root, MonoTime now) override;

 private:
  std::vector<Device> devices_;
};

}  // namespace assay::agent
