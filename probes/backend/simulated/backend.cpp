// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/simulated/backend.h"

#include <poll.h>
#include <unistd.h>

#include <fmt/format.h>

#include "probes/backend/simulated/simulated_device.h"

namespace assay::probes::simulated {
namespace {

[[noreturn]] void hang() {
  for (;;) ::poll(nullptr, 0, -1);
}

bool is_there(const std::string& file) { return !file.empty() && ::access(file.c_str(), F_OK) == 0; }

Device describe(const Script& script, uint32_t number) {
  Device device;
  device.id = fmt::format("GPU-5111de00-0000-0000-0000-{:012x}", number);
  device.kind = DeviceKind::kGpu;
  device.identity_is_hardware = false;
  device.model = "Simulated GPU";
  device.architecture = "simulated/sm_0";
  device.firmware = "none";
  device.socket = number;
  device.location = fmt::format("simulated:{}", number);
  for (uint32_t unit = 0; unit < script.units; ++unit) device.units.push_back(unit);
  return device;
}

}  // namespace

Result<Script> SimulatedBackend::script() const {
  if (script_) return *script_;
  return script_of_environment();
}

Result<std::vector<Device>> SimulatedBackend::devices(std::string& detail) const {
  const Script plan = TRY(script());
  if (plan.driver_hangs || is_there(plan.hangs_while)) hang();
  if (plan.driver_fails || is_there(plan.fails_while)) return make_error(ErrorCode::kUnavailable, "the simulated driver fails, as its script says");
  std::vector<Device> devices;
  for (uint32_t number = 0; number < plan.devices; ++number) devices.push_back(describe(plan, number));
  if (devices.empty()) detail = "ASSAY_SIMULATED_DEVICES asks for no simulated device";
  return devices;
}

Result<std::unique_ptr<device::Accelerator>> SimulatedBackend::open(std::string_view device_id, const device::OpenOptions& options) const {
  const Script plan = TRY(script());
  for (uint32_t number = 0; number < plan.devices; ++number) {
    Device device = describe(plan, number);
    if (device.id != device_id) continue;
    const DeviceScript faults = plan.of_device(number);
    if (faults.taken) return make_error(ErrorCode::kConflict, "another process has the simulated device, as its script says");
    return std::unique_ptr<device::Accelerator>(std::make_unique<SimulatedDevice>(std::move(device), faults, options));
  }
  return make_error(ErrorCode::kNotFound, fmt::format("there is no simulated device {}", device_id.substr(0, 128)));
}

}  // namespace assay::probes::simulated
