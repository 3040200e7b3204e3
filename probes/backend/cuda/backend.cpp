// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/cuda/backend.h"

#include <fmt/format.h>

#include <utility>

#include "probes/backend/cuda/error_class.h"
#include "probes/backend/cuda/identity.h"
#include "probes/backend/cuda/launcher.h"
#include "probes/backend/cuda/peers.h"

namespace assay::probes::cuda {
namespace {

constexpr DriverResult kNoDevice = 100;

// The number of devices this process sees.
Result<int> count_devices(const DriverApi& api) {
  DriverResult result = api.init(0);
  int count = 0;
  if (result == kSuccess) result = api.device_count(&count);
  if (result == kNoDevice) return 0;
  if (result != kSuccess) {
    Error error = driver_error(result, "starting the NVIDIA driver", name_of(api, result));
    error.code = ErrorCode::kUnavailable;
    return error;
  }
  return count;
}

}  // namespace

Result<std::vector<Device>> CudaBackend::devices(std::string& detail) const {
  const Result<DriverApi> api = load_();
  if (!api.ok()) {
    detail = api.error().message;
    if (api.error().code == ErrorCode::kNotFound) return std::vector<Device>();
    return api.error();
  }
  const int count = TRY(count_devices(*api));
  if (count == 0) detail = "the NVIDIA driver sees no device: check CUDA_VISIBLE_DEVICES and /dev/nvidia*";
  std::vector<Device> found;
  for (int index = 0; index < count; ++index) found.push_back(TRY(device_facts(*api, index)).device);
  return found;
}

Result<std::unique_ptr<device::Accelerator>> CudaBackend::open(std::string_view device_id, const device::OpenOptions& options) const {
  const DriverApi api = TRY(load_());
  const int count = TRY(count_devices(api));
  for (int index = 0; index < count; ++index) {
    DeviceFacts facts = TRY(device_facts(api, index));
    if (facts.device.id != device_id) continue;
    facts.peers = TRY(find_peers(api, index, count, options.allow_mps));
    facts.chip.peers = static_cast<uint32_t>(facts.peers.size());
    std::unique_ptr<device::Accelerator> opened = TRY(CudaAccelerator::open(api, std::move(facts), device_programs(), options));
    return opened;
  }
  return make_error(ErrorCode::kNotFound, fmt::format("the NVIDIA driver sees no device {}", device_id));
}

}  // namespace assay::probes::cuda
