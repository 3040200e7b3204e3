// SPDX-License-Identifier: Apache-2.0
// Pressure stall information (/proc/pressure): how much tasks waited for CPU, memory and I/O.
#pragma once

#include "agent/telemetry/reader.h"

namespace assay::agent {

// "some avg10" of /proc/pressure/cpu as a ratio 0..1, for the load gate; absent when the kernel does not tell.
std::optional<double> cpu_pressure_ratio(const FsRoot& root);

class PsiReader final : public Reader {
 public:
  std::string_view name() const override { return "psi"; }
  Result<std::vector<Reading>> read(const FsRoot& root, MonoTime now) override;
};

}  // namespace assay::agent
