// SPDX-License-Identifier: Apache-2.0
// How much a counter of a driver has grown: over all, and within a sliding window. Lifetime absolutes say when a part was made, not how it is; a
// counter that fell was reset, or wrapped.
#pragma once

#include <cstdint>
#include <deque>

#include "common/base/clock.h"

namespace assay::agent {

// Pure; not thread-safe.
class CounterTrend {
 public:
  // `bits`: the counter wraps at 2^bits; 64 for one that does not wrap in practice. `window`: of increase().
  CounterTrend(uint8_t bits, Duration window);

  // The counter's value at `at`, in order of time. Gives by how much it grew since the value before; 0 for the first one.
  //
  // A value below the one before is a wrap when the one before was in the last quarter of the range and it is in the first; else a reset,
  // after which the counter began at zero.
  double add(double value, MonoTime at);

  double total() const { return total_; }          // since the first value
  uint64_t resets() const { return resets_; }
  // Within the window that ends at the last value. The window moves in sixtieths.
  double increase() const;

 private:
  struct Mark {
    MonoTime at;
    double total = 0;
  };
  double range_;      // 0: does not wrap
  Duration window_;
  bool known_ = false;
  double last_ = 0;
  double total_ = 0;
  uint64_t resets_ = 0;
  std::deque<Mark> marks_;   // totals at the steps of the window, oldest first
};

}  // namespace assay::agent
