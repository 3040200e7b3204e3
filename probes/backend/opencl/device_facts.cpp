// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/opencl/device_facts.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <sstream>

namespace assay::probes::opencl {
namespace {

constexpr uint32_t kMostPlatforms = 16;
constexpr uint32_t kMostDevices = 64;       // of a platform

// Absent facts are zero: then whatever needs them is missing.
template <typename T>
T number(const Api& api, ApiHandle device, uint32_t what) {
  T value{};
  if (api.clGetDeviceInfo(device, what, sizeof(value), &value, nullptr) != kSuccess) return T{};
  return value;
}

std::string trimmed(std::string text) {
  text.resize(std::min(text.size(), text.find('\0')));
  const size_t first = text.find_first_not_of(' ');
  if (first == std::string::npos) return "";
  return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

std::string text(const Api& api, ApiHandle device, uint32_t what) {
  size_t size = 0;
  if (api.clGetDeviceInfo(device, what, 0, nullptr, &size) != kSuccess || size == 0) return "";
  std::string value(size, '\0');
  if (api.clGetDeviceInfo(device, what, size, value.data(), nullptr) != kSuccess) return "";
  return trimmed(value);
}

std::string platform_name(const Api& api, ApiHandle platform) {
  std::string value(256, '\0');
  if (api.clGetPlatformInfo(platform, kPlatformName, value.size(), value.data(), nullptr) != kSuccess) return "unknown";
  return trimmed(value);
}

std::vector<std::string> words_of(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  std::ranges::sort(words);
  return words;
}

bool partitions_equally(const Api& api, ApiHandle device) {
  std::array<ApiProperty, 8> kinds{};
  size_t size = 0;
  if (api.clGetDeviceInfo(device, kDevicePartitionProperties, sizeof(kinds), kinds.data(), &size) != kSuccess) return false;
  const auto end = kinds.begin() + static_cast<ptrdiff_t>(std::min(size / sizeof(ApiProperty), kinds.size()));
  return std::find(kinds.begin(), end, kPartitionEqually) != end;
}

// cl_khr_pci_bus_info; else the extension by which AMD's driver says it, without the domain.
std::optional<std::string> pci_address(const Api& api, ApiHandle device, const DeviceFacts& facts) {
  struct Bus { uint32_t domain, bus, device, function; } bus{};
  if (facts.has_extension("cl_khr_pci_bus_info") && api.clGetDeviceInfo(device, kDevicePciBusInfo, sizeof(bus), &bus, nullptr) == kSuccess) {
    return fmt::format("{:04x}:{:02x}:{:02x}.{:x}", bus.domain, bus.bus, bus.device, bus.function);
  }
  struct Topology { uint32_t type; std::array<uint8_t, 17> unused; uint8_t bus, device, function; } amd{};
  if (facts.has_extension("cl_amd_device_attribute_query") && api.clGetDeviceInfo(device, kDeviceTopologyAmd, sizeof(amd), &amd, nullptr) == kSuccess &&
      amd.type == 1) {
    return fmt::format("0000:{:02x}:{:02x}.{:x}", amd.bus, amd.device, amd.function);
  }
  return std::nullopt;
}

std::optional<std::string> uuid(const Api& api, ApiHandle device, const DeviceFacts& facts) {
  std::array<uint8_t, 16> bytes{};
  if (!facts.has_extension("cl_khr_device_uuid") || api.clGetDeviceInfo(device, kDeviceUuid, bytes.size(), bytes.data(), nullptr) != kSuccess) {
    return std::nullopt;
  }
  std::string digits;
  for (const uint8_t byte : bytes) digits += fmt::format("{:02x}", byte);
  return digits;
}

DeviceFacts read_facts(const Api& api, ApiHandle device) {
  DeviceFacts facts;
  facts.name = text(api, device, kDeviceName);
  facts.vendor = text(api, device, kDeviceVendor);
  facts.driver_version = text(api, device, kDriverVersion);
  facts.type = number<ApiBits>(api, device, kDeviceType);
  facts.vendor_id = number<uint32_t>(api, device, kDeviceVendorId);
  facts.compute_units = number<uint32_t>(api, device, kDeviceMaxComputeUnits);
  facts.work_group_lanes = number<size_t>(api, device, kDeviceMaxWorkGroupSize);
  facts.local_bytes = number<uint64_t>(api, device, kDeviceLocalMemSize);
  facts.global_bytes = number<uint64_t>(api, device, kDeviceGlobalMemSize);
  facts.buffer_bytes = number<uint64_t>(api, device, kDeviceMaxMemAllocSize);
  facts.single_fp = number<ApiBits>(api, device, kDeviceSingleFpConfig);
  facts.little_endian = number<uint32_t>(api, device, kDeviceEndianLittle) != 0;
  facts.available = number<uint32_t>(api, device, kDeviceAvailable) != 0;
  facts.compiler = number<uint32_t>(api, device, kDeviceCompilerAvailable) != 0;
  facts.extensions = words_of(text(api, device, kDeviceExtensions));
  if (facts.has_extension("cl_khr_fp64")) facts.double_fp = number<ApiBits>(api, device, kDeviceDoubleFpConfig);
  // The embedded profile need not have 64-bit integers.
  facts.int64 = text(api, device, kDeviceProfile) == "FULL_PROFILE" || facts.has_extension("cles_khr_int64");
  facts.partitions = partitions_equally(api, device) && number<uint32_t>(api, device, kDevicePartitionMaxSubDevices) >= facts.compute_units;
  facts.pci_address = pci_address(api, device, facts);
  facts.uuid = uuid(api, device, facts);
  return facts;
}

}  // namespace

bool DeviceFacts::has_extension(std::string_view wanted) const { return std::ranges::find(extensions, wanted) != extensions.end(); }

Result<std::vector<DriverDevice>> find_devices(const Api& api, std::string& detail) {
  std::array<ApiHandle, kMostPlatforms> platforms{};
  uint32_t platform_count = 0;
  const ApiResult error = api.clGetPlatformIDs(kMostPlatforms, platforms.data(), &platform_count);
  if (error == kNoPlatform || (error == kSuccess && platform_count == 0)) {
    detail += "no OpenCL driver is installed; ";
    return std::vector<DriverDevice>{};
  }
  if (error != kSuccess) return make_error(ErrorCode::kUnavailable, "OpenCL drivers cannot be listed: " + error_words(error));
  std::vector<DriverDevice> found;
  for (uint32_t p = 0; p < std::min(platform_count, kMostPlatforms); ++p) {
    const std::string platform = platform_name(api, platforms[p]);
    std::array<ApiHandle, kMostDevices> devices{};
    uint32_t count = 0;
    const ApiResult failed = api.clGetDeviceIDs(platforms[p], kTypeAll, kMostDevices, devices.data(), &count);
    if (failed != kSuccess && failed != kDeviceNotFound) detail += fmt::format("the devices of {} cannot be listed: {}; ", platform, error_words(failed));
    for (uint32_t d = 0; failed == kSuccess && d < std::min(count, kMostDevices); ++d) {
      DeviceFacts facts = read_facts(api, devices[d]);
      facts.platform = platform;
      facts.index = d;
      found.push_back({devices[d], std::move(facts)});
    }
  }
  return found;
}

}  // namespace assay::probes::opencl
