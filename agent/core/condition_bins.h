// SPDX-License-Identifier: Apache-2.0
// Cold, warm or hot, by what the device itself has shown: some defects show only at one end of it. Clocks and voltages are never changed, so
// coverage waits for the conditions to come round and says how long that took.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "common/base/bytes.h"
#include "common/model/device.h"

namespace assay::agent {

enum class ConditionBin : uint8_t { kCold, kWarm, kHot };
inline constexpr size_t kConditionBins = 3;
std::string_view to_string(ConditionBin bin);  // "cold"

// The lower, middle and upper third of the range of temperatures seen in the last 15 to 30 days. While that range is narrower than
// kLeastSpanCelsius the device has shown one condition only, there is nothing to tell apart, and no bin; nor is there one without a sensor.
// Time is in ticks of a tenth of a second since any fixed moment. Not thread-safe.
class ConditionBins {
 public:
  static constexpr double kLeastSpanCelsius = 9;   // three sensor-noise-proof steps of 3 degrees
  static constexpr uint32_t kEpochTicks = 15U * 24 * 3600 * 10;

  // Takes what was measured into the range. Not finite, or beyond -60..160 degrees: no sensor of ours, not taken.
  void learn(const Conditions& conditions, uint32_t tick);
  std::optional<ConditionBin> bin_of(const Conditions& conditions) const;
  // The temperatures at which warm begins and ends; absent while there is nothing to tell apart.
  struct Thresholds {
    double warm_from_celsius = 0;
    double hot_from_celsius = 0;
  };
  std::optional<Thresholds> thresholds() const;

  void save(ByteWriter& out) const;
  // The reader turns bad, or the answer is false, when the bytes are not from save().
  bool restore(ByteReader& in);

 private:
  struct Range {
    double lowest = 0;
    double highest = 0;
  };
  static void save(ByteWriter& out, const std::optional<Range>& range);
  static bool restore(ByteReader& in, std::optional<Range>& range);

  std::optional<Range> current_;    // since epoch_begun_
  std::optional<Range> previous_;   // of the epoch before
  uint32_t epoch_begun_ = 0;
};

}  // namespace assay::agent
