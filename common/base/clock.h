// SPDX-License-Identifier: Apache-2.0
// The two clocks of the product and the seam through which shells read them. Cores never read a clock: they are given
// the time. Intervals are measured on the monotonic clock; the wall clock is for people and for records.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace assay {

using Duration = std::chrono::nanoseconds;

// Nanoseconds since 1970-01-01T00:00:00Z.
using WallTime = std::chrono::sys_time<Duration>;

// CLOCK_BOOTTIME: never jumps, counts through suspend, starts anew with each boot (keep it with a boot id).
struct BootClock {
  using duration = Duration;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<BootClock>;
  static constexpr bool is_steady = true;
  static time_point now();
};
using MonoTime = BootClock::time_point;

// One instant on both clocks.
struct Instant {
  WallTime wall;
  MonoTime mono;
};

// Where a shell reads the time. Implementations are thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Instant now() const = 0;
};

class SystemClock final : public Clock {
 public:
  Instant now() const override;
};

// "2026-11-20T08:53:58.123Z" (UTC, milliseconds).
std::string format_utc(WallTime time);
// Seconds as a double, for metrics and rates.
double to_seconds(Duration duration);
// Milliseconds since the epoch, the unit of wall times in JSON and in the store; truncates.
int64_t to_unix_ms(WallTime time);
WallTime from_unix_ms(int64_t milliseconds);
// "850 ms", "12.3 s", "4.2 min", "3.1 h", "12 d": one number a person reads at a glance.
std::string format_span(Duration duration);

}  // namespace assay
