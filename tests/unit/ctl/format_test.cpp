// SPDX-License-Identifier: Apache-2.0
#include "ctl/format.h"

#include <gtest/gtest.h>

namespace assay::ctl {
namespace {

TEST(Format, GroupsThousands) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1000), "1,000");
  EXPECT_EQ(grouped(18446744073709551615ULL), "18,446,744,073,709,551,615");
}

TEST(Format, SaysWhatIsAbsent) {
  EXPECT_EQ(celsius(std::nullopt), "-");
  EXPECT_EQ(watts(std::nullopt), "-");
  EXPECT_EQ(hertz(std::nullopt), "-");
  EXPECT_EQ(utc(std::nullopt), "-");
  EXPECT_EQ(ago(std::nullopt, {}), "-");
  EXPECT_EQ(span_of_seconds(std::nullopt), "-");
  EXPECT_EQ(span_of_seconds(-1.0), "-");
  EXPECT_EQ(span_of_seconds(1e300), "-");
}

TEST(Format, WritesQuantitiesWithUnits) {
  EXPECT_EQ(celsius(61.45), "61.5 °C");
  EXPECT_EQ(watts(212.4), "212 W");
  EXPECT_EQ(hertz(3.2e9), "3.20 GHz");
  EXPECT_EQ(hertz(8e8), "800 MHz");
  EXPECT_EQ(percent(0.00098), "0.098 %");
  EXPECT_EQ(percent(1), "100 %");
  EXPECT_EQ(bytes(1023), "1023 B");
  EXPECT_EQ(bytes(96 << 20), "96.0 MiB");
}

TEST(Format, WritesTimesInUtcAndAgo) {
  EXPECT_EQ(utc(1'800'000'000'000), "2027-01-15 08:00:00Z");
  EXPECT_EQ(utc(-5), "-");
  EXPECT_EQ(utc(INT64_MAX), "-");
  const WallTime now = from_unix_ms(1'800'000'000'000);
  EXPECT_EQ(ago(1'799'999'808'000, now), "3.2 min ago");
  EXPECT_EQ(ago(1'800'000'000'100, now), "now");
  EXPECT_EQ(ago(1'800'014'400'000, now), "in 4.0 h");
}

TEST(Format, CountsInWords) {
  EXPECT_EQ(plural(1, "run"), "1 run");
  EXPECT_EQ(plural(2048, "run"), "2,048 runs");
  EXPECT_EQ(words("in_service"), "in service");
}

}  // namespace
}  // namespace assay::ctl
