// SPDX-License-Identifier: Apache-2.0
// What a telemetry reader is: one source in the kernel's files, read whole at each sample. The framework (telemetry.h) measures how long each
// took and whether it succeeded.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/clock.h"
#include "common/base/fs_root.h"
#include "common/base/result.h"
#include "common/model/device.h"

namespace assay::agent {

enum class Quantity : uint8_t {
  kTemperatureCelsius,
  kPowerWatts,
  kClockHertz,
  kThrottleEvents,        // counter since boot
  kCorrectedErrors,       // counter since the driver was loaded
  kUncorrectedErrors,     // counter since the driver was loaded
  kPressureRatio,         // share of time some task waited, average of 10 s
};

// One number. Absent quantities have no reading: there are no sentinels.
struct Reading {
  Quantity quantity = Quantity::kTemperatureCelsius;
  std::string source;                 // chip, domain, controller or resource: "coretemp", "package-0", "mc0", "memory"
  std::string sensor;                 // within the source: "Package id 0"; "" when there is only one
  std::optional<uint32_t> socket;     // physical package it belongs to, where that is known
  double value = 0;
};

struct TelemetrySample;

// Used by one thread, but for cancel(). Keeps what it needs between samples (energy counters).
class Reader {
 public:
  virtual ~Reader() = default;
  virtual std::string_view name() const = 0;   // label of its metrics: "hwmon"
  // kNotFound: this machine has no such source, which is no failure. Any other error: it has, and it could not be read.
  virtual Result<std::vector<Reading>> read(const FsRoot& root, MonoTime now) = 0;
  // What the last read() found beside its readings.
  virtual void add_to(TelemetrySample& /*sample*/) const {}
  // Makes a read() that waits for somebody end soon, and every later one; thread-safe.
  virtual void cancel() {}
};

inline Error no_source() { return make_error(ErrorCode::kNotFound, "no such source on this machine"); }

}  // namespace assay::agent
