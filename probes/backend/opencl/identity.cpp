// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/opencl/identity.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "common/base/random.h"
#include "probes/backend/opencl/capabilities.h"

namespace assay::probes::opencl {
namespace {

constexpr uint32_t kVendorNvidia = 0x10DE;   // PCI vendor id

std::string key_of(const DeviceFacts& facts) {
  if (facts.pci_address) return "pci " + *facts.pci_address;
  if (facts.uuid && !facts.is_cpu()) return "uuid " + *facts.uuid;
  return fmt::format("{} {}", facts.platform, facts.index);
}

// A part of the cohort key: words without spaces or slashes.
std::string plain(std::string_view text) {
  std::string result;
  for (const char c : text) {
    const bool fits = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '.' || c == '-' || c == '_';
    if (fits) {
      result += c;
    } else if (!result.empty() && result.back() != '_') {
      result += '_';
    }
  }
  while (result.ends_with('_')) result.pop_back();
  return result.empty() ? "unknown" : result;
}

bool same(const std::optional<std::string>& one, const std::optional<std::string>& other) { return one && other && *one == *other; }

}  // namespace

Device device_of(const DeviceFacts& facts, std::string_view node_name) {
  Device device;
  device.id = fmt::format("ocl-{:016x}", seed_from(fmt::format("{}\n{}\n{}\n{}", facts.vendor, facts.name, key_of(facts), node_name), 0));
  device.kind = DeviceKind::kGpu;
  device.model = facts.name.empty() ? "unknown" : facts.name;
  if (facts.is_cpu()) device.model += " (CPU, by OpenCL)";
  device.architecture = fmt::format("opencl/{}/{}", plain(facts.vendor), plain(facts.name)) + (facts.is_cpu() ? "/cpu" : "");
  device.firmware = facts.driver_version;
  device.socket = facts.index;
  device.location = facts.is_cpu() ? std::string(kOnTheCpu) : facts.pci_address.value_or("");
  // A device that cannot be partitioned is one unit as a whole.
  device.units.resize(facts.partitions ? std::max(facts.compute_units, 1U) : 1);
  std::iota(device.units.begin(), device.units.end(), 0U);
  return device;
}

std::string why_not_listed(const DeviceFacts& facts, const std::vector<DriverDevice>& before) {
  if (std::string missing = what_is_missing(facts); !missing.empty()) return missing;
  if (facts.vendor_id == kVendorNvidia && !facts.is_cpu()) return "left to the CUDA backend, which knows its units";
  for (const DriverDevice& other : before) {
    const bool cpus = facts.is_cpu() && other.facts.is_cpu() && facts.platform != other.facts.platform;
    const bool one = facts.pci_address && other.facts.pci_address ? same(facts.pci_address, other.facts.pci_address)
                                                                  : !facts.is_cpu() && same(facts.uuid, other.facts.uuid);
    if (cpus || one) return fmt::format("the same silicon as {} of {}", other.facts.name, other.facts.platform);
  }
  return "";
}

}  // namespace assay::probes::opencl
