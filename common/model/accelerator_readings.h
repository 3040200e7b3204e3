// SPDX-License-Identifier: Apache-2.0
// What an agent reads of an accelerator beside its conditions: the figures that an operator looks at first when the device is doubted. Few, so that a
// report stays small; all that a driver tells is in the agent's metrics.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/base/clock.h"

namespace assay {

// Xids of one number.
struct XidCount {
  uint32_t code = 0;
  std::string xid_class;               // "memory_uncorrectable", "" when no table was there
  uint64_t seen = 0;                   // since the agent started
  WallTime last;                       // agent's clock
  friend bool operator==(const XidCount&, const XidCount&) = default;
};

// The latest sample. Absent or empty: the driver does not tell.
struct AcceleratorReadings {
  std::optional<double> memory_temperature_celsius;
  std::optional<double> power_limit_watts;
  std::optional<double> memory_clock_hertz;
  std::vector<std::string> clock_events;         // what holds the clock down now: "sw_power_cap"; at most limits::kClockEventsPerDevice
  std::optional<uint64_t> ecc_corrected;         // since the driver was loaded
  std::optional<uint64_t> ecc_uncorrected;       // the same
  std::optional<uint64_t> row_remaps;            // over the part's life, all causes
  std::optional<bool> row_remap_pending;
  std::optional<bool> row_remap_failure;
  std::optional<uint64_t> retired_pages;         // over the part's life, all causes; of parts that do not remap rows
  std::optional<uint64_t> pcie_replays;
  std::optional<uint64_t> nvlink_errors;         // all counters, all links
  std::string trouble;                           // why it cannot be read: "lost", "reset_required", "unreadable"
  std::string recovery_action;                   // what the driver says must be done: "reset_gpu"
  std::string driver_version;
  std::vector<XidCount> xids;                    // the latest first, at most limits::kXidsPerDevice
  bool empty() const { return *this == AcceleratorReadings{}; }
  friend bool operator==(const AcceleratorReadings&, const AcceleratorReadings&) = default;
};

// One way in which the device can run a probe.
struct ProbeOffer {
  std::string probe;                   // id
  std::string variant;                 // "wgmma"
  bool ran_on_silicon = false;         // whether it was measured on hardware of this architecture
  friend bool operator==(const ProbeOffer&, const ProbeOffer&) = default;
};

}  // namespace assay
