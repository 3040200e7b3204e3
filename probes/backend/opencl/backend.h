// SPDX-License-Identifier: Apache-2.0
// The OpenCL backend as the runner sees it: every device of every OpenCL driver of this machine that is not another one under a second name.
#pragma once

#include <string>

#include "probes/backend/device/accelerator.h"
#include "probes/backend/opencl/device_facts.h"

namespace assay::probes::opencl {

class OpenclBackend final : public device::Backend {
 public:
  // `library` is for tests.
  explicit OpenclBackend(const char* library = "libOpenCL.so.1") : library_(library) {}

  std::string_view name() const override { return "opencl"; }
  // `detail` names the PCI address of each device that has one, and says why a device of a driver is not listed.
  Result<std::vector<Device>> devices(std::string& detail) const override;
  Result<std::unique_ptr<device::Accelerator>> open(std::string_view device_id, const device::OpenOptions& options) const override;

 private:
  const char* library_;
};

}  // namespace assay::probes::opencl
