// SPDX-License-Identifier: Apache-2.0
// A queue between two threads with a fixed capacity that counts what it had to refuse.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>

#include "common/base/check.h"
#include "common/base/clock.h"

namespace assay {

// Thread-safe for any number of producers and consumers. After close() pushes are refused and pops drain what is left.
template <typename T>
class BoundedQueue {
 public:
  explicit BoundedQueue(size_t capacity) : capacity_(capacity) { ASSAY_CHECK(capacity > 0); }

  // False, and counted, when the queue is full or closed; the item is then left untouched. Never blocks on consumers.
  bool try_push(T&& item) {
    {
      const std::lock_guard lock(mutex_);
      if (closed_ || items_.size() >= capacity_) {
        ++refused_;
        return false;
      }
      items_.push_back(std::move(item));
    }
    ready_.notify_one();
    return true;
  }

  // Waits up to `patience`; nothing when it passed, or when the queue is closed and empty.
  std::optional<T> pop(Duration patience) {
    std::unique_lock lock(mutex_);
    ready_.wait_for(lock, patience, [&] { return closed_ || !items_.empty(); });
    if (items_.empty()) return std::nullopt;
    std::optional<T> item(std::move(items_.front()));
    items_.pop_front();
    return item;
  }

  std::optional<T> try_pop() { return pop(Duration::zero()); }

  void close() {
    {
      const std::lock_guard lock(mutex_);
      closed_ = true;
    }
    ready_.notify_all();
  }

  size_t size() const { const std::lock_guard lock(mutex_); return items_.size(); }
  uint64_t refused() const { const std::lock_guard lock(mutex_); return refused_; }
  bool closed() const { const std::lock_guard lock(mutex_); return closed_; }

 private:
  const size_t capacity_;
  mutable std::mutex mutex_;
  std::condition_variable ready_;
  std::deque<T> items_;
  uint64_t refused_ = 0;
  bool closed_ = false;
};

}  // namespace assay
