// SPDX-License-Identifier: Apache-2.0
#include "common/base/clock.h"

namespace assay {
namespace {

TEST(Clock, WritesUtcWithMilliseconds) {
  EXPECT_EQ(format_utc(from_unix_ms(0)), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(format_utc(from_unix_ms(1'709'210'096'789)), "2024-02-29T12:34:56.789Z");
}

TEST(Clock, MillisecondsRoundTripAndTruncate) {
  EXPECT_EQ(to_unix_ms(from_unix_ms(1'709'210'096'789)), 1'709'210'096'789);
  EXPECT_EQ(to_unix_ms(WallTime{Duration{1'999'999}}), 1);
}

TEST(Clock, SpansReadAtAGlance) {
  using namespace std::chrono_literals;
  EXPECT_EQ(format_span(850ms), "850 ms");
  EXPECT_EQ(format_span(12300ms), "12.3 s");
  EXPECT_EQ(format_span(252s), "4.2 min");
  EXPECT_EQ(format_span(11160s), "3.1 h");
  EXPECT_EQ(format_span(24h * 12), "12 d");
}

TEST(Clock, MonotonicTimeDoesNotGoBack) {
  const SystemClock clock;
  MonoTime last = clock.now().mono;
  for (int i = 0; i < 1000; ++i) {
    const MonoTime now = clock.now().mono;
    EXPECT_GE(now, last);
    last = now;
  }
}

}  // namespace
}  // namespace assay
