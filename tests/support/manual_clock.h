// SPDX-License-Identifier: Apache-2.0
// A clock that moves only when a test moves it; wall and monotonic time can be moved apart to simulate clock jumps.
#pragma once

#include <mutex>

#include "common/base/clock.h"

namespace assay::test {

class ManualClock final : public Clock {
 public:
  ManualClock() = default;
  Instant now() const override { const std::lock_guard lock(mutex_); return now_; }
  void advance(Duration by) { const std::lock_guard lock(mutex_); now_.wall += by; now_.mono += by; }
  void jump_wall(Duration by) { const std::lock_guard lock(mutex_); now_.wall += by; }

 private:
  mutable std::mutex mutex_;
  Instant now_{from_unix_ms(1'800'000'000'000), MonoTime{std::chrono::hours{1}}};
};

}  // namespace assay::test
