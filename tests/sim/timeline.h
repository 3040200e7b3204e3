// SPDX-License-Identifier: Apache-2.0
// Virtual time: things happen in order of their time, and at equal times in the order they were planned. Deterministic.
#pragma once

#include <cstdint>
#include <functional>
#include <queue>
#include <utility>
#include <vector>

#include "common/base/clock.h"

namespace assay::sim {

// Single-threaded. Time starts at one hour, so that no core ever sees zero.
class Timeline {
 public:
  using Task = std::function<void()>;

  Duration now() const { return now_; }
  void at(Duration when, Task task) { queue_.push({when < now_ ? now_ : when, next_++, std::move(task)}); }
  void in(Duration delay, Task task) { at(now_ + delay, std::move(task)); }
  // Runs everything up to `end`.
  void run_until(Duration end) {
    while (!queue_.empty() && queue_.top().when <= end) {
      Entry entry = queue_.top();
      queue_.pop();
      now_ = entry.when;
      entry.task();
    }
    now_ = end;
  }

 private:
  struct Entry {
    Duration when;
    uint64_t order;
    Task task;
    bool operator<(const Entry& other) const { return std::pair(when, order) > std::pair(other.when, other.order); }
  };
  std::priority_queue<Entry> queue_;
  Duration now_{std::chrono::hours{1}};
  uint64_t next_ = 0;
};

}  // namespace assay::sim
