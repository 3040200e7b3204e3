// SPDX-License-Identifier: Apache-2.0
// How many runs of each unit go into the next launch, so that launches are short enough for whoever else uses the device and long enough to be
// worth their overhead.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

#include "common/base/clock.h"
#include "probes/backend/device/accelerator.h"

namespace assay::probes::device {

// Learns from the launches of one probe in one variant. Pure.
class LaunchPace {
 public:
  // A launch cannot be ended from outside but by its own deadline: this is how long others wait for the device at most.
  static constexpr Duration kTarget = std::chrono::milliseconds{7};
  static constexpr uint32_t kGrowth = 8;   // per launch: a few runs side by side take as long as one

  // At least one. `left`: of the slice; above zero.
  uint32_t next(Duration left) const {
    if (runs_ == 0) return 1;
    const double wanted = to_seconds(std::min(kTarget, left)) / to_seconds(std::max(took_, Duration{1})) * runs_;
    return static_cast<uint32_t>(std::clamp(wanted, 1.0, std::min(static_cast<double>(runs_) * kGrowth, static_cast<double>(kRunsPerJobUnit))));
  }
  // What a launch of one run took at least, as far as is known: when less than that is left, another launch would only be cut short.
  Duration shortest() const { return shortest_; }
  void learn(uint32_t runs, Duration took) {
    runs_ = runs;
    took_ = took;
    if (shortest_ == Duration::zero() || took < shortest_) shortest_ = took;
  }

 private:
  uint32_t runs_ = 0;
  Duration took_{};
  Duration shortest_{};
};

}  // namespace assay::probes::device
