// SPDX-License-Identifier: Apache-2.0
#include "agent/core/gpu_facts.h"

#include <algorithm>
#include <array>

namespace assay::agent {
namespace {

// Wide enough that they do not wrap in the life of a driver.
constexpr uint8_t kWide = 64;

using Q = GpuQuantity;
constexpr std::array kTable = {
    GpuQuantityInfo{Q::kTemperature, "assay_gpu_temperature_celsius", "sensor", "Temperature of the GPU's core or memory."},
    GpuQuantityInfo{Q::kTemperatureMargin, "assay_gpu_temperature_margin_celsius", "", "Distance to the nearest temperature at which the GPU slows down."},
    GpuQuantityInfo{Q::kTemperatureThreshold, "assay_gpu_temperature_threshold_celsius", "threshold", "Temperature of a threshold."},
    GpuQuantityInfo{Q::kTemperatureLimitOffset, "assay_gpu_temperature_limit_offset_celsius", "threshold", "Threshold as a distance from the GPU's limit; signed."},
    GpuQuantityInfo{Q::kPower, "assay_gpu_power_watts", "", "Power of the GPU's board."},
    GpuQuantityInfo{Q::kPowerLimit, "assay_gpu_power_limit_watts", "", "Power limit that is enforced."},
    GpuQuantityInfo{Q::kEnergy, "assay_gpu_energy_joules_total", "", "Energy since the driver was loaded.", kWide},
    GpuQuantityInfo{Q::kClock, "assay_gpu_clock_hertz", "clock", "Current clock."},
    GpuQuantityInfo{Q::kClockMax, "assay_gpu_clock_max_hertz", "clock", "Highest clock."},
    GpuQuantityInfo{Q::kClockEvent, "assay_gpu_clock_event_active", "reason", "1 while the clock is held down for this reason."},
    GpuQuantityInfo{Q::kThrottleTime, "assay_gpu_throttle_seconds_total", "reason", "Time the clock was held down, since the driver was loaded.", kWide},
    GpuQuantityInfo{Q::kUtilization, "assay_gpu_utilization_ratio", "engine", "Share of time in which the engine was busy."},
    GpuQuantityInfo{Q::kMemoryTotal, "assay_gpu_memory_total_bytes", "", "Memory of the GPU."},
    GpuQuantityInfo{Q::kMemoryUsed, "assay_gpu_memory_used_bytes", "", "Memory in use."},
    GpuQuantityInfo{Q::kMemoryReserved, "assay_gpu_memory_reserved_bytes", "", "Memory that the driver keeps for itself."},
    GpuQuantityInfo{Q::kProcesses, "assay_gpu_processes", "", "Processes that compute on the GPU."},
    GpuQuantityInfo{Q::kEccEnabled, "assay_gpu_ecc_enabled", "", "1 when memory errors are corrected."},
    GpuQuantityInfo{Q::kEccErrors, "assay_gpu_ecc_errors_total", "severity,scope", "Memory errors; volatile since the driver was loaded, aggregate over life.", kWide},
    GpuQuantityInfo{Q::kEccLocationErrors, "assay_gpu_ecc_location_errors_total", "severity,scope,location", "The same by where they were.", kWide},
    GpuQuantityInfo{Q::kSramThreshold, "assay_gpu_sram_threshold_exceeded", "", "1 when uncorrected SRAM errors passed the vendor's threshold."},
    GpuQuantityInfo{Q::kRowRemaps, "assay_gpu_row_remaps_total", "cause", "Memory rows remapped over life.", kWide},
    GpuQuantityInfo{Q::kRowRemapPending, "assay_gpu_row_remap_pending", "", "1 when a remap waits for a reset."},
    GpuQuantityInfo{Q::kRowRemapFailure, "assay_gpu_row_remap_failure", "", "1 when a remap has failed once."},
    GpuQuantityInfo{Q::kRowRemapBanks, "assay_gpu_row_remap_banks", "availability", "Memory banks by the spare rows that they have left."},
    GpuQuantityInfo{Q::kRetiredPages, "assay_gpu_retired_pages_total", "cause", "Memory pages retired over life.", kWide},
    GpuQuantityInfo{Q::kRetiredPagesPending, "assay_gpu_retired_pages_pending", "", "1 when a retirement waits for a restart."},
    GpuQuantityInfo{Q::kPcieReplays, "assay_gpu_pcie_replays_total", "", "PCIe packets sent again.", 32},
    GpuQuantityInfo{Q::kPcieGeneration, "assay_gpu_pcie_link_generation", "", "PCIe generation in use; lower when idle."},
    GpuQuantityInfo{Q::kPcieGenerationMax, "assay_gpu_pcie_link_generation_max", "", "Highest generation that GPU and slot have."},
    GpuQuantityInfo{Q::kPcieWidth, "assay_gpu_pcie_link_width", "", "PCIe lanes in use."},
    GpuQuantityInfo{Q::kPcieWidthMax, "assay_gpu_pcie_link_width_max", "", "Most lanes that GPU and slot have."},
    GpuQuantityInfo{Q::kNvlinks, "assay_gpu_nvlinks", "state", "NVLinks by state."},
    GpuQuantityInfo{Q::kNvlinkErrors, "assay_gpu_nvlink_errors_total", "counter", "NVLink errors over all links.", kWide},
    GpuQuantityInfo{Q::kMigMode, "assay_gpu_mig_enabled", "", "1 when the GPU is divided into instances."},
    GpuQuantityInfo{Q::kMigInstance, "assay_gpu_mig_instance_info", "instance_uuid", "1 for each MIG instance."},
    GpuQuantityInfo{Q::kRecoveryAction, "assay_gpu_recovery_action", "action", "1 for what the driver says must be done."},
};
static_assert(kTable.size() == static_cast<size_t>(kLastGpuQuantity) + 1);
static_assert([] {
  for (size_t i = 0; i < kTable.size(); ++i) {
    if (static_cast<size_t>(kTable[i].quantity) != i || kTable[i].is_counter() != kTable[i].metric.ends_with("_total")) return false;
  }
  return true;
}(), "the table is in the order of the enumeration, and counters are named so");

}  // namespace

const GpuQuantityInfo& info_of(GpuQuantity quantity) { return kTable[static_cast<size_t>(quantity)]; }

std::string_view to_string(GpuTrouble trouble) {
  constexpr std::array<std::string_view, 4> kNames = {"none", "lost", "reset_required", "unreadable"};
  static_assert(kNames.size() == static_cast<size_t>(kLastGpuTrouble) + 1);
  return kNames[static_cast<size_t>(trouble)];
}

std::optional<double> GpuReading::value(GpuQuantity quantity, std::string_view part) const {
  const auto found = std::ranges::find_if(facts, [&](const GpuFact& fact) { return fact.quantity == quantity && fact.part == part; });
  return found == facts.end() ? std::nullopt : std::optional(found->value);
}

const GpuReading* GpuSample::find(std::string_view uuid) const {
  const auto found = std::ranges::find_if(gpus, [&](const GpuReading& gpu) { return !uuid.empty() && gpu.identity.uuid == uuid; });
  return found == gpus.end() ? nullptr : &*found;
}

}  // namespace assay::agent
