// SPDX-License-Identifier: Apache-2.0
// Simulated accelerators: the portable programs as plain C++, on idle threads of this machine, behind the same seam as a GPU. For tests and demos of
// everything that is not the silicon; each device says that it is simulated.
#pragma once

#include "probes/backend/device/accelerator.h"
#include "probes/backend/simulated/script.h"

namespace assay::probes::simulated {

class SimulatedBackend final : public device::Backend {
 public:
  // Absent: what the environment says at the time of a call.
  explicit SimulatedBackend(std::optional<Script> script = {}) : script_(std::move(script)) {}
  std::string_view name() const override { return "simulated"; }
  Result<std::vector<Device>> devices(std::string& detail) const override;
  Result<std::unique_ptr<device::Accelerator>> open(std::string_view device_id, const device::OpenOptions& options) const override;

 private:
  Result<Script> script() const;

  std::optional<Script> script_;
};

}  // namespace assay::probes::simulated
