// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/opencl/backend.h"

#include <fmt/format.h>
#include <unistd.h>

#include <array>

#include "probes/backend/opencl/accelerator.h"
#include "probes/backend/opencl/identity.h"

namespace assay::probes::opencl {
namespace {

std::string node_name() {
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0) return "unknown";
  return name.data();
}

// Those that are listed, in the order of the drivers.
Result<std::vector<DriverDevice>> listed_devices(const Api& api, std::string& detail) {
  std::vector<DriverDevice> listed;
  for (DriverDevice& found : TRY(find_devices(api, detail))) {
    const std::string why = why_not_listed(found.facts, listed);
    if (why.empty()) {
      listed.push_back(std::move(found));
    } else {
      detail += fmt::format("{} of {}: {}; ", found.facts.name, found.facts.platform, why);
    }
  }
  return listed;
}

}  // namespace

Result<std::vector<Device>> OpenclBackend::devices(std::string& detail) const {
  const Result<Api> api = load_api(library_);
  if (!api.ok() && api.error().code == ErrorCode::kNotFound) {
    detail += api.error().message;
    return std::vector<Device>{};
  }
  if (!api.ok()) return api.error();
  std::vector<Device> devices;
  for (const DriverDevice& listed : TRY(listed_devices(*api, detail))) {
    devices.push_back(device_of(listed.facts, node_name()));
    if (listed.facts.pci_address) detail += fmt::format("{} is at PCI address {}; ", devices.back().id, *listed.facts.pci_address);
    if (!listed.facts.partitions) detail += fmt::format("{} is one unit: its driver does not divide it; ", devices.back().id);
  }
  return devices;
}

Result<std::unique_ptr<device::Accelerator>> OpenclBackend::open(std::string_view device_id, const device::OpenOptions& options) const {
  const Api api = TRY(load_api(library_));
  std::string detail;
  for (const DriverDevice& listed : TRY(listed_devices(api, detail))) {
    Device device = device_of(listed.facts, node_name());
    if (device.id == device_id) return OpenclAccelerator::open(api, listed, std::move(device), options);
  }
  return make_error(ErrorCode::kNotFound, fmt::format("there is no OpenCL device {}: {}", device_id, detail.empty() ? "others are there" : detail));
}

}  // namespace assay::probes::opencl
