// SPDX-License-Identifier: Apache-2.0
#include "agent/core/gpu_readings.h"

#include <algorithm>

#include "common/model/limits.h"
#include "common/model/probe_spec.h"

namespace assay::agent {
namespace {

using Q = GpuQuantity;

// Drivers say "all ones" for what they do not have.
uint64_t whole(double value) { return static_cast<uint64_t>(std::clamp(value, 0.0, 9e18)); }

// All parts of a counter together; absent when there is none.
std::optional<uint64_t> sum_of(const GpuReading& gpu, GpuQuantity quantity) {
  std::optional<double> sum;
  for (const GpuFact& fact : gpu.facts) {
    if (fact.quantity == quantity) sum = sum.value_or(0) + std::max(0.0, fact.value);
  }
  return sum ? std::optional(whole(*sum)) : std::nullopt;
}

std::optional<uint64_t> count_of(const GpuReading& gpu, GpuQuantity quantity, std::string_view part = "") {
  const auto value = gpu.value(quantity, part);
  return value ? std::optional(whole(*value)) : std::nullopt;
}

std::optional<bool> flag_of(const GpuReading& gpu, GpuQuantity quantity) {
  const auto value = gpu.value(quantity);
  return value ? std::optional(*value != 0) : std::nullopt;
}

// Below zero is what a sensor says that does not work; the wire takes none.
std::optional<double> measure_of(const GpuReading& gpu, GpuQuantity quantity, std::string_view part = "") {
  const auto value = gpu.value(quantity, part);
  return value && *value >= 0 ? value : std::nullopt;
}

}  // namespace

AcceleratorReadings readings_of(const GpuReading& gpu, std::string_view driver) {
  AcceleratorReadings readings;
  readings.memory_temperature_celsius = measure_of(gpu, Q::kTemperature, "memory");
  readings.power_limit_watts = measure_of(gpu, Q::kPowerLimit);
  readings.memory_clock_hertz = measure_of(gpu, Q::kClock, "memory");
  readings.ecc_corrected = count_of(gpu, Q::kEccErrors, "corrected,volatile");
  readings.ecc_uncorrected = count_of(gpu, Q::kEccErrors, "uncorrected,volatile");
  readings.row_remaps = sum_of(gpu, Q::kRowRemaps);
  readings.row_remap_pending = flag_of(gpu, Q::kRowRemapPending);
  readings.row_remap_failure = flag_of(gpu, Q::kRowRemapFailure);
  readings.retired_pages = sum_of(gpu, Q::kRetiredPages);
  readings.pcie_replays = count_of(gpu, Q::kPcieReplays);
  readings.nvlink_errors = sum_of(gpu, Q::kNvlinkErrors);
  for (const GpuFact& fact : gpu.facts) {
    if (fact.value != 1.0) continue;
    if (fact.quantity == Q::kClockEvent && readings.clock_events.size() < limits::kClockEventsPerDevice) readings.clock_events.push_back(fact.part);
    if (fact.quantity == Q::kRecoveryAction && fact.part != "none") readings.recovery_action = fact.part;
  }
  if (gpu.trouble != GpuTrouble::kNone) readings.trouble = to_string(gpu.trouble);
  readings.driver_version = driver.substr(0, limits::kProbeIdChars);
  return readings;
}

std::vector<XidCount> latest_xids(const std::map<XidKey, XidWatch::Count>& counts, std::string_view pci_bus_id, Instant now) {
  std::vector<XidCount> xids;
  for (const auto& [key, count] : counts) {
    if (key.pci_bus_id != pci_bus_id || key.kind != XidKind::kXid) continue;
    // A site's own table may call its classes as it likes; the wire takes words.
    xids.push_back({key.code, is_valid_probe_id(count.xid_class) ? count.xid_class : "", count.seen, now.wall - std::max(Duration::zero(), now.mono - count.last)});
  }
  std::ranges::sort(xids, [](const XidCount& a, const XidCount& b) { return a.last != b.last ? a.last > b.last : a.code < b.code; });
  if (xids.size() > limits::kXidsPerDevice) xids.resize(limits::kXidsPerDevice);
  return xids;
}

}  // namespace assay::agent
