// SPDX-License-Identifier: Apache-2.0
#include "agent/telemetry/nvml/decode.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

namespace assay::agent::nvml {
namespace {

using Q = GpuQuantity;

// A field, the fact that it is, and its unit in units of the metric.
struct FieldRow {
  uint32_t field;
  Q quantity;
  std::string_view part;
  double scale;
};
constexpr double kNano = 1e-9;
constexpr std::array kRows = {
    FieldRow{kFieldMemoryTemperature, Q::kTemperature, "memory", 1},
    FieldRow{kFieldThrottlePower, Q::kThrottleTime, "power", kNano},
    FieldRow{kFieldThrottleThermal, Q::kThrottleTime, "thermal", kNano},
    FieldRow{kFieldThrottleSyncBoost, Q::kThrottleTime, "sync_boost", kNano},
    FieldRow{kFieldThrottleBoardLimit, Q::kThrottleTime, "board_limit", kNano},
    FieldRow{kFieldThrottleReliability, Q::kThrottleTime, "reliability", kNano},
    FieldRow{kFieldThrottleSwThermal, Q::kThrottleTime, "sw_thermal", kNano},
    FieldRow{kFieldThrottleHwThermal, Q::kThrottleTime, "hw_thermal", kNano},
    FieldRow{kFieldThrottleHwPowerBrake, Q::kThrottleTime, "hw_power_brake", kNano},
    FieldRow{kFieldLimitShutdown, Q::kTemperatureLimitOffset, "shutdown", 1},
    FieldRow{kFieldLimitSlowdown, Q::kTemperatureLimitOffset, "slowdown", 1},
    FieldRow{kFieldLimitMemory, Q::kTemperatureLimitOffset, "memory_max", 1},
    FieldRow{kFieldLimitGpu, Q::kTemperatureLimitOffset, "gpu_max", 1},
    FieldRow{kFieldNvlinkReplay, Q::kNvlinkErrors, "replay", 1},
    FieldRow{kFieldNvlinkRecovery, Q::kNvlinkErrors, "recovery", 1},
    FieldRow{kFieldNvlinkCrcFlit, Q::kNvlinkErrors, "crc_flit", 1},
    FieldRow{kFieldNvlinkCrcData, Q::kNvlinkErrors, "crc_data", 1},
    FieldRow{kFieldNvlinkEccData, Q::kNvlinkErrors, "ecc_data", 1},
};
// These are judged, not copied.
constexpr std::array<uint32_t, 3> kJudged = {kFieldPowerAverage, kFieldPowerInstant, kFieldRecoveryAction};

constexpr std::array<uint32_t, kRows.size() + kJudged.size()> kFields = [] {
  std::array<uint32_t, kRows.size() + kJudged.size()> fields{};
  size_t at = 0;
  for (const FieldRow& row : kRows) fields[at++] = row.field;
  for (const uint32_t field : kJudged) fields[at++] = field;
  return fields;
}();

constexpr std::array<std::string_view, 6> kActions = {"none", "gpu_reset", "node_reboot", "drain_p2p", "drain_and_reset", "recover_imex_domain"};

void decode_recovery(double number, Facts& into) {
  for (size_t i = 0; i < kActions.size(); ++i) {
    into.push_back({Q::kRecoveryAction, std::string(kActions[i]), number == static_cast<double>(i) ? 1.0 : 0.0});
  }
  // An action of a newer driver is one all the same.
  if (number >= static_cast<double>(kActions.size())) into.push_back({Q::kRecoveryAction, "unknown", 1});
}

constexpr std::array<std::pair<uint64_t, std::string_view>, 9> kReasons = {{
    {0x1, "idle"},
    {0x2, "application_clocks"},
    {0x4, "sw_power_cap"},
    {kReasonHwSlowdown, "hw_slowdown"},
    {0x10, "sync_boost"},
    {0x20, "sw_thermal"},
    {kReasonHwThermal, "hw_thermal"},
    {kReasonHwPowerBrake, "hw_power_brake"},
    {0x100, "display_clocks"},
}};

}  // namespace

std::string error_name(int code) {
  constexpr std::array<std::string_view, 31> kNames = {
      "success", "uninitialized", "invalid_argument", "not_supported", "no_permission", "already_initialized", "not_found", "insufficient_size",
      "insufficient_power", "driver_not_loaded", "timeout", "irq_issue", "library_not_found", "function_not_found", "corrupted_inforom", "gpu_is_lost",
      "reset_required", "operating_system", "version_mismatch", "in_use", "memory", "no_data", "vgpu_ecc_not_supported", "insufficient_resources",
      "freq_not_supported", "argument_version_mismatch", "deprecated", "not_ready", "gpu_not_found", "invalid_state", "reset_type_not_supported"};
  if (code >= 0 && static_cast<size_t>(code) < kNames.size()) return std::string(kNames[static_cast<size_t>(code)]);
  return code == kUnknown ? "unknown" : fmt::format("error_{}", code);
}

bool is_absent(int code) {
  return code == kNotSupported || code == kFunctionNotFound || code == kNoData || code == kDeprecated || code == kArgumentVersion || code == kInvalidArgument;
}

GpuTrouble trouble_of(int code) {
  switch (code) {
    case kSuccess: return GpuTrouble::kNone;
    case kGpuIsLost: return GpuTrouble::kLost;
    case kResetRequired: return GpuTrouble::kResetRequired;
    default: return GpuTrouble::kUnreadable;
  }
}

std::optional<double> number_of(const FieldValue& value) {
  if (value.result != kSuccess) return std::nullopt;
  switch (value.type) {
    case kDouble: return value.number.f64;
    case kUint: return value.number.u32;
    case kUlong:
    case kUlongLong: return static_cast<double>(value.number.u64);
    case kSlongLong: return static_cast<double>(value.number.i64);
    case kSint: return value.number.i32;
    case kUshort: return value.number.u16;
    default: return std::nullopt;
  }
}

std::span<const uint32_t> device_fields() { return kFields; }

void decode_fields(std::span<const FieldValue> values, Facts& into) {
  std::optional<double> average;
  std::optional<double> instant;
  for (const FieldValue& value : values) {
    const auto number = number_of(value);
    if (!number) continue;
    const auto row = std::ranges::find(kRows, value.field, &FieldRow::field);
    if (row != kRows.end()) into.push_back({row->quantity, std::string(row->part), *number * row->scale});
    if (value.field == kFieldPowerAverage) average = number;
    if (value.field == kFieldPowerInstant) instant = number;
    if (value.field == kFieldRecoveryAction) decode_recovery(*number, into);
  }
  // The mean of a second says more about heat than an instant; both are in milliwatts.
  if (average || instant) into.push_back({Q::kPower, "", (average ? *average : *instant) * 1e-3});
}

void decode_clock_events(uint64_t active, std::optional<uint64_t> supported, Facts& into) {
  for (const auto& [bit, name] : kReasons) {
    const bool on = (active & bit) != 0;
    if (on || !supported || (*supported & bit) != 0) into.push_back({Q::kClockEvent, std::string(name), on ? 1.0 : 0.0});
  }
}

void decode_histogram(const RowRemapHistogram& banks, Facts& into) {
  into.push_back({Q::kRowRemapBanks, "max", static_cast<double>(banks.max)});
  into.push_back({Q::kRowRemapBanks, "high", static_cast<double>(banks.high)});
  into.push_back({Q::kRowRemapBanks, "partial", static_cast<double>(banks.partial)});
  into.push_back({Q::kRowRemapBanks, "low", static_cast<double>(banks.low)});
  into.push_back({Q::kRowRemapBanks, "none", static_cast<double>(banks.none)});
}

void decode_memory(const Memory& memory, Facts& into) {
  into.push_back({Q::kMemoryTotal, "", static_cast<double>(memory.total)});
  into.push_back({Q::kMemoryUsed, "", static_cast<double>(memory.used)});
}

void decode_memory(const MemoryV2& memory, Facts& into) {
  into.push_back({Q::kMemoryTotal, "", static_cast<double>(memory.total)});
  into.push_back({Q::kMemoryUsed, "", static_cast<double>(memory.used)});
  into.push_back({Q::kMemoryReserved, "", static_cast<double>(memory.reserved)});
}

void decode_utilization(const Utilization& rates, Facts& into) {
  into.push_back({Q::kUtilization, "gpu", rates.gpu / 100.0});
  into.push_back({Q::kUtilization, "memory", rates.memory / 100.0});
}

}  // namespace assay::agent::nvml
