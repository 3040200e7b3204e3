// SPDX-License-Identifier: Apache-2.0
// What is known of the GPUs of a node at one sample: identity, and a list of facts, each a quantity of one table. What a driver does not tell is not
// in the list: there are no sentinels.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/clock.h"

namespace assay::agent {

enum class GpuQuantity : uint8_t {
  kTemperature, kTemperatureMargin, kTemperatureThreshold, kTemperatureLimitOffset,
  kPower, kPowerLimit, kEnergy,
  kClock, kClockMax, kClockEvent, kThrottleTime,
  kUtilization, kMemoryTotal, kMemoryUsed, kMemoryReserved, kProcesses,
  kEccEnabled, kEccErrors, kEccLocationErrors, kSramThreshold,
  kRowRemaps, kRowRemapPending, kRowRemapFailure, kRowRemapBanks,
  kRetiredPages, kRetiredPagesPending,
  kPcieReplays, kPcieGeneration, kPcieGenerationMax, kPcieWidth, kPcieWidthMax,
  kNvlinks, kNvlinkErrors,
  kMigMode, kMigInstance, kRecoveryAction,
};
inline constexpr GpuQuantity kLastGpuQuantity = GpuQuantity::kRecoveryAction;

// How a quantity is exported and compared.
struct GpuQuantityInfo {
  GpuQuantity quantity{};
  std::string_view metric;    // "assay_gpu_power_watts"; a counter ends in _total
  std::string_view labels;    // what the parts of GpuFact::part are, in order: "severity,scope"; "" when there is one value a GPU
  std::string_view help;
  uint8_t counter_bits = 0;   // 0: a gauge; else a counter that wraps at 2^bits
  constexpr bool is_counter() const { return counter_bits != 0; }
};
const GpuQuantityInfo& info_of(GpuQuantity quantity);

// Units are those of the metric's name (celsius, watts, hertz, bytes, seconds).
struct GpuFact {
  GpuQuantity quantity{};
  std::string part;           // "corrected,volatile": one value for each label of the quantity, between commas
  double value = 0;
  friend bool operator==(const GpuFact&, const GpuFact&) = default;
};

// "" for what the driver does not tell.
struct GpuIdentity {
  uint32_t index = 0;         // NVML's, as in nvidia-smi
  std::string uuid;           // "GPU-8-4-4-4-12"
  std::string model;
  std::string serial;
  std::string board_part;
  std::string vbios;
  std::string pci_bus_id;     // "00000000:18:00.0"
  friend bool operator==(const GpuIdentity&, const GpuIdentity&) = default;
};

enum class GpuTrouble : uint8_t { kNone, kLost, kResetRequired, kUnreadable };
inline constexpr GpuTrouble kLastGpuTrouble = GpuTrouble::kUnreadable;
std::string_view to_string(GpuTrouble trouble);  // "reset_required"

struct GpuReading {
  GpuIdentity identity;
  GpuTrouble trouble = GpuTrouble::kNone;
  std::vector<GpuFact> facts;
  std::optional<double> value(GpuQuantity quantity, std::string_view part = "") const;
  friend bool operator==(const GpuReading&, const GpuReading&) = default;
};

// An Xid that NVML delivered as an event. It delivers those that it calls critical; the kernel log has all.
struct NvmlXid {
  uint32_t gpu = 0;           // index
  uint32_t code = 0;          // 999: NVML did not know
  friend bool operator==(const NvmlXid&, const NvmlXid&) = default;
};

struct GpuSample {
  std::string driver_version;
  std::vector<GpuReading> gpus;
  std::vector<NvmlXid> xids;                       // since the last sample
  std::map<std::string, uint64_t> failed_calls;    // in this sample, by the name of the error; what is merely not supported is not among them
  const GpuReading* find(std::string_view uuid) const;
};

// A driver call that did not return in time. The process that made it was killed.
struct HungCall {
  uint64_t number = 0;        // counts from 1 since the agent started
  std::string call;           // "nvmlDeviceGetTemperature"
  std::optional<uint32_t> gpu;    // index; absent when the call is about none
  std::string uuid;           // "" when not known
  Duration after{};           // how long it was waited for
};

struct NvmlReaderFacts {
  uint64_t starts = 0;
  uint64_t hangs = 0;
  uint64_t crashes = 0;
  uint64_t errors = 0;        // could not be started, or spoke nonsense
  bool stuck = false;         // killed, and still held by the kernel
  std::map<std::string, uint64_t> failed_calls;    // since the agent started, by the name of the error
  std::vector<HungCall> hung; // the last ones, oldest first
};

}  // namespace assay::agent
