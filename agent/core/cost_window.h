// SPDX-License-Identifier: Apache-2.0
// What probing really cost over the last hour, for the metric beside the budget.
#pragma once

#include <array>
#include <cstdint>

#include "common/base/clock.h"

namespace assay::agent {

// Unit-seconds spent, in one-minute bins over a sliding hour. Not thread-safe.
class CostWindow {
 public:
  explicit CostWindow(MonoTime start) : start_(start) {}
  void add(double unit_seconds, MonoTime now);
  // Share of the unit-seconds of `units` units since the start, or over about the last hour when that is shorter; 0 at the start.
  double ratio(double units, MonoTime now) const;
  // All unit-seconds since the start.
  double total() const { return total_; }

 private:
  static constexpr int64_t kBins = 60;
  int64_t minute(MonoTime now) const;
  MonoTime start_;
  std::array<double, kBins> spent_{};
  std::array<int64_t, kBins> minute_of_{};  // which minute a bin holds
  double total_ = 0;
};

}  // namespace assay::agent
