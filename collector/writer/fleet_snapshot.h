// SPDX-License-Identifier: Apache-2.0
// What the writer publishes after a commit for the threads that answer questions: the fleet in numbers.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>

#include "collector/core/fleet_core.h"
#include "collector/core/summary.h"

namespace assay::collector {

struct FleetSnapshot {
  FleetSummary summary;
  FleetCounters counters;
  PolicyOptions options;
  uint64_t store_bytes = 0;
};

// The latest value of something immutable, shared between threads. (std::atomic<std::shared_ptr> is a data race to g++ 12's
// thread sanitizer.) Thread-safe.
template <typename T>
class Published {
 public:
  explicit Published(T value) : value_(std::make_shared<const T>(std::move(value))) {}
  std::shared_ptr<const T> get() const { const std::lock_guard lock(mutex_); return value_; }
  void set(T value) {
    auto next = std::make_shared<const T>(std::move(value));
    const std::lock_guard lock(mutex_);
    value_.swap(next);
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const T> value_;
};

}  // namespace assay::collector
