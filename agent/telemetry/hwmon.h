// SPDX-License-Identifier: Apache-2.0
// Temperatures of the chips under /sys/class/hwmon, found by name and never by number; per-core sensors are left out.
#pragma once

#include "agent/telemetry/reader.h"

namespace assay::agent {

class HwmonReader final : public Reader {
 public:
  std::string_view name() const override { return "hwmon"; }
  Result<std::vector<Reading>> read(const FsRoot& root, MonoTime now) override;
};

}  // namespace assay::agent
