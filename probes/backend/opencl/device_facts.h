// SPDX-License-Identifier: Apache-2.0
// What a driver says about one of its devices, as plain data, so that all that follows from it can be tested without that device.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "probes/backend/opencl/api.h"

namespace assay::probes::opencl {

struct DeviceFacts {
  std::string platform;                 // "Portable Computing Language"
  uint32_t index = 0;                   // among the devices of its platform
  std::string name;
  std::string vendor;
  std::string driver_version;
  ApiBits type = 0;                     // kTypeCpu, kTypeGpu, ...
  uint32_t vendor_id = 0;               // PCI's, where there is one
  uint32_t compute_units = 0;
  uint64_t work_group_lanes = 0;        // at most
  uint64_t local_bytes = 0;
  uint64_t global_bytes = 0;
  uint64_t buffer_bytes = 0;            // of one buffer, at most
  ApiBits single_fp = 0;                // kFp...
  ApiBits double_fp = 0;                // 0: no FP64
  bool little_endian = false;
  bool available = false;
  bool compiler = false;
  bool int64 = false;
  bool partitions = false;              // into sub-devices of one compute unit each
  std::vector<std::string> extensions;  // sorted
  std::optional<std::string> pci_address;   // "0000:65:00.0"
  std::optional<std::string> uuid;          // 32 hexadecimal digits

  bool has_extension(std::string_view name) const;
  bool is_cpu() const { return (type & kTypeCpu) != 0; }
};

// A device of a driver, as long as the process lives.
struct DriverDevice {
  ApiHandle handle = nullptr;
  DeviceFacts facts;
};

// Every device of every platform, in the loader's order; a platform that fails is left out and `detail` says so. Empty without a driver.
Result<std::vector<DriverDevice>> find_devices(const Api& api, std::string& detail);

}  // namespace assay::probes::opencl
