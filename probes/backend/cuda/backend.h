// SPDX-License-Identifier: Apache-2.0
// The CUDA backend as the runner sees it (device/accelerator.h), over a driver that tests replace.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "probes/backend/cuda/driver_api.h"
#include "probes/backend/device/accelerator.h"

namespace assay::probes::cuda {

// Threads may share it.
class CudaBackend final : public device::Backend {
 public:
  using Loader = std::function<Result<DriverApi>()>;
  // `load` finds the driver, at every call anew: a driver that is installed later is found later.
  explicit CudaBackend(Loader load) : load_(std::move(load)) {}

  std::string_view name() const override { return "cuda"; }
  Result<std::vector<Device>> devices(std::string& detail) const override;
  Result<std::unique_ptr<device::Accelerator>> open(std::string_view device_id, const device::OpenOptions& options) const override;

 private:
  Loader load_;
};

}  // namespace assay::probes::cuda
