// SPDX-License-Identifier: Apache-2.0
// Power of CPU packages from the energy counters under /sys/class/powercap (Intel and AMD Zen; readable by root alone unless granted).
#pragma once

#include <map>

#include "agent/telemetry/reader.h"

namespace assay::agent {

// Power is a difference of two samples, so the first one has none; a counter that wrapped is unwrapped by its documented range.
class RaplReader final : public Reader {
 public:
  std::string_view name() const override { return "rapl"; }
  Result<std::vector<Reading>> read(const FsRoot& root, MonoTime now) override;

 private:
  struct Before {
    int64_t energy_uj = 0;
    MonoTime at;
  };
  std::map<std::string, Before> before_;   // by domain directory
};

}  // namespace assay::agent
