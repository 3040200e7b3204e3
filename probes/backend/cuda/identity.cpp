// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/cuda/identity.h"

#include <fmt/format.h>

#include <array>
#include <numeric>
#include <utility>

#include "probes/backend/cuda/error_class.h"
#include "probes/backend/cuda/session.h"

namespace assay::probes::cuda {
namespace {

// Asks the driver and remembers the first error, so that questions can stand one below the other.
struct Questions {
  const DriverApi& api;
  DriverDevice device;
  DriverResult failed = kSuccess;

  int attribute(DeviceAttribute which) {
    int value = 0;
    note(api.device_attribute(&value, which, device));
    return value;
  }
  // A newer driver's attribute: 0 where this one does not know it.
  int optional_attribute(DeviceAttribute which) const {
    int value = 0;
    return api.device_attribute(&value, which, device) == kSuccess ? value : 0;
  }
  void note(DriverResult result) {
    if (failed == kSuccess) failed = result;
  }
};

}  // namespace

std::string uuid_text(const DriverUuid& uuid, bool is_instance) {
  std::string text = is_instance ? "MIG-" : "GPU-";
  for (size_t i = 0; i < uuid.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
    text += fmt::format("{:02x}", uuid[i]);
  }
  return text;
}

Result<DeviceFacts> device_facts(const DriverApi& api, int index) {
  DeviceFacts facts;
  Questions ask{api, 0};
  ask.note(api.device(&facts.handle, index));
  ask.device = facts.handle;
  std::array<char, 256> name{};
  ask.note(api.device_name(name.data(), static_cast<int>(name.size() - 1), facts.handle));
  DriverUuid whole{};
  DriverUuid instance{};
  ask.note(api.device_uuid(&whole, facts.handle));
  ask.note(api.instance_uuid(&instance, facts.handle));
  facts.chip.major = static_cast<uint32_t>(ask.attribute(kComputeCapabilityMajor));
  facts.chip.minor = static_cast<uint32_t>(ask.attribute(kComputeCapabilityMinor));
  facts.chip.shared_bytes_per_unit = static_cast<uint32_t>(ask.attribute(kMaxSharedMemoryPerMultiprocessor));
  facts.chip.shared_bytes_per_block = static_cast<uint32_t>(ask.attribute(kMaxSharedMemoryPerBlockOptin));
  facts.chip.shared_bytes_reserved = static_cast<uint32_t>(ask.optional_attribute(kReservedSharedMemoryPerBlock));
  facts.neighbourhood.compute_mode = ask.attribute(kComputeMode);
  facts.neighbourhood.mps = ask.optional_attribute(kMpsEnabled) != 0;
  facts.cooperative = ask.attribute(kCooperativeLaunch) != 0;
  const int bus = ask.optional_attribute(kPciBusId);
  const int slot = ask.optional_attribute(kPciDeviceId);
  const int domain = ask.optional_attribute(kPciDomainId);
  const int units = ask.attribute(kMultiprocessorCount);
  if (ask.failed != kSuccess) return driver_error(ask.failed, fmt::format("asking about device {}", index), name_of(api, ask.failed));

  Device& device = facts.device;
  // Of a whole GPU both are the same ("cuDeviceGetUuid_v2": "if the device is in MIG mode, returns its MIG UUID").
  device.id = uuid_text(instance, instance != whole);
  device.kind = DeviceKind::kGpu;
  device.identity_is_hardware = true;
  device.model = name[0] != '\0' ? std::string(name.data()) : "unknown";
  device.architecture = fmt::format("nvidia/sm_{}", facts.chip.number());
  device.socket = static_cast<uint32_t>(index);
  if (bus != 0 || slot != 0) device.location = fmt::format("{:04x}:{:02x}:{:02x}.0", domain, bus, slot);
  device.units.resize(static_cast<size_t>(units));
  std::iota(device.units.begin(), device.units.end(), 0U);
  return facts;
}

}  // namespace assay::probes::cuda
