// SPDX-License-Identifier: Apache-2.0
// The part of NVML's binary interface that is used, declared anew: sizes, versions and numbers are those of the public interface (NVML API 11 to 13)
// on 64-bit Linux, so no vendor header is needed to build. Every size is checked below.
#pragma once

#include <cstdint>

namespace assay::agent::nvml {

using Device = void*;      // opaque; valid until nvmlShutdown, in this process
using EventSet = void*;

// nvmlReturn_t.
enum Return : int {
  kSuccess = 0, kUninitialized = 1, kInvalidArgument = 2, kNotSupported = 3, kNoPermission = 4, kNotFound = 6, kInsufficientSize = 7,
  kDriverNotLoaded = 9, kTimeout = 10, kLibraryNotFound = 12, kFunctionNotFound = 13, kGpuIsLost = 15, kResetRequired = 16,
  kVersionMismatch = 18, kNoData = 21, kArgumentVersion = 25, kDeprecated = 26, kUnknown = 999,
};

inline constexpr unsigned kTextBytes = 96;   // the longest of NVML's text buffers

// Versioned structs carry sizeof | version << 24, set before the call.
constexpr uint32_t struct_version(uint32_t size, uint32_t version) { return size | version << 24; }

struct PciInfo {
  char bus_id_legacy[16];
  uint32_t domain, bus, device, pci_device_id, pci_subsystem_id;
  char bus_id[32];           // "00000000:18:00.0"
};
struct TemperatureV1 {
  uint32_t version;
  int32_t sensor;
  int32_t temperature;
};
struct MarginTemperatureV1 {
  uint32_t version;
  int32_t margin;
};
struct Utilization {
  uint32_t gpu, memory;      // percent
};
struct Memory {
  uint64_t total, free, used;
};
struct MemoryV2 {
  uint32_t version;
  uint64_t total, reserved, free, used;
};
struct RowRemapHistogram {
  uint32_t max, high, partial, low, none;
};
struct SramEccV1 {
  uint32_t version;
  uint64_t aggregate_unc_parity, aggregate_unc_secded, aggregate_cor, volatile_unc_parity, volatile_unc_secded, volatile_cor, aggregate_unc_l2,
      aggregate_unc_sm, aggregate_unc_pcie, aggregate_unc_mcu, aggregate_unc_other;
  uint32_t threshold_exceeded;
};
union FieldNumber {
  double f64;
  int32_t i32;
  uint32_t u32;
  uint64_t u64;
  int64_t i64;
  uint16_t u16;
};
enum ValueType : int { kDouble = 0, kUint = 1, kUlong = 2, kUlongLong = 3, kSlongLong = 4, kSint = 5, kUshort = 6 };
struct FieldValue {
  uint32_t field, scope;
  int64_t timestamp_us, latency_us;
  int32_t type;
  int32_t result;
  FieldNumber number;
};
struct EventData {
  Device device;
  uint64_t type, data;
  uint32_t gpu_instance, compute_instance;
};
static_assert(sizeof(PciInfo) == 68 && sizeof(TemperatureV1) == 12 && sizeof(MarginTemperatureV1) == 8 && sizeof(Memory) == 24);
static_assert(sizeof(MemoryV2) == 40 && sizeof(RowRemapHistogram) == 20 && sizeof(SramEccV1) == 104 && sizeof(FieldValue) == 40);
static_assert(sizeof(EventData) == 32 && sizeof(Utilization) == 8);

// Clock event reasons (nvmlDeviceGetCurrentClocksEventReasons).
inline constexpr uint64_t kReasonHwSlowdown = 0x8, kReasonHwThermal = 0x40, kReasonHwPowerBrake = 0x80;
inline constexpr uint64_t kEventXid = 0x8;

// Ids for nvmlDeviceGetFieldValues.
enum Field : uint32_t {
  kFieldThrottlePower = 74, kFieldThrottleThermal = 75, kFieldThrottleSyncBoost = 76, kFieldThrottleBoardLimit = 77, kFieldThrottleReliability = 79,
  kFieldMemoryTemperature = 82, kFieldNvlinkCount = 91, kFieldNvlinkCrcFlit = 38, kFieldNvlinkCrcData = 45, kFieldNvlinkReplay = 52,
  kFieldNvlinkRecovery = 59, kFieldNvlinkEccData = 160, kFieldPowerAverage = 185, kFieldPowerInstant = 186, kFieldLimitShutdown = 193, kFieldLimitSlowdown = 194,
  kFieldLimitMemory = 195, kFieldLimitGpu = 196, kFieldRecoveryAction = 230, kFieldThrottleSwThermal = 269, kFieldThrottleHwThermal = 270,
  kFieldThrottleHwPowerBrake = 271,
  // Of one link each (scope: the link), NVLink 5.
  kFieldLinkRecoveryFailed = 214, kFieldLinkMalformed = 206, kFieldLinkIntegrity = 211, kFieldLinkSymbolErrors = 221,
};

}  // namespace assay::agent::nvml
