// SPDX-License-Identifier: Apache-2.0
// Memory errors that ECC corrected or could not, per memory controller (/sys/devices/system/edac/mc). Counters; never reset by us.
#pragma once

#include "agent/telemetry/reader.h"

namespace assay::agent {

class EdacReader final : public Reader {
 public:
  std::string_view name() const override { return "edac"; }
  Result<std::vector<Reading>> read(const FsRoot& root, MonoTime now) override;
};

}  // namespace assay::agent
