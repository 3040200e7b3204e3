// SPDX-License-Identifier: Apache-2.0
#include "common/base/clock.h"

#include <ctime>

#include <fmt/format.h>

namespace assay {

MonoTime BootClock::now() {
  timespec now{};
  ::clock_gettime(CLOCK_BOOTTIME, &now);
  return MonoTime{std::chrono::seconds{now.tv_sec} + Duration{now.tv_nsec}};
}

Instant SystemClock::now() const {
  return {std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now()), BootClock::now()};
}

std::string format_utc(WallTime time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date{day};
  const auto ms = std::chrono::floor<std::chrono::milliseconds>(time - day).count();
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), ms / 3'600'000,
                     ms / 60'000 % 60, ms / 1000 % 60, ms % 1000);
}

double to_seconds(Duration duration) { return std::chrono::duration<double>(duration).count(); }

int64_t to_unix_ms(WallTime time) {
  return std::chrono::floor<std::chrono::milliseconds>(time.time_since_epoch()).count();
}

WallTime from_unix_ms(int64_t milliseconds) { return WallTime{std::chrono::milliseconds{milliseconds}}; }

std::string format_span(Duration duration) {
  const double seconds = to_seconds(duration);
  if (seconds < 1) return fmt::format("{:.0f} ms", seconds * 1e3);
  if (seconds < 90) return fmt::format("{:.1f} s", seconds);
  if (seconds < 90 * 60.0) return fmt::format("{:.1f} min", seconds / 60);
  if (seconds < 48 * 3600.0) return fmt::format("{:.1f} h", seconds / 3600);
  return fmt::format("{:.0f} d", seconds / 86400);
}

}  // namespace assay
