// SPDX-License-Identifier: Apache-2.0
#include "agent/core/condition_bins.h"

#include <gtest/gtest.h>

#include <limits>

namespace assay::agent {
namespace {

Conditions at_celsius(double celsius) {
  Conditions conditions;
  conditions.temperature_celsius = celsius;
  return conditions;
}

TEST(ConditionBins, WithoutASensorThereIsNoBin) {
  ConditionBins bins;
  Conditions clock_only;
  clock_only.clock_hertz = 3e9;
  bins.learn(clock_only, 1);
  EXPECT_FALSE(bins.bin_of(clock_only));
  EXPECT_FALSE(bins.thresholds());
}

TEST(ConditionBins, ADeviceThatShowedOneConditionOnlyHasNothingToTellApart) {
  ConditionBins bins;
  for (const double celsius : {50.0, 54.0, 58.9}) bins.learn(at_celsius(celsius), 1);
  EXPECT_FALSE(bins.bin_of(at_celsius(58.9)));
}

TEST(ConditionBins, AreTheThirdsOfTheRangeThatTheDeviceShowed) {
  ConditionBins bins;
  bins.learn(at_celsius(40), 1);
  bins.learn(at_celsius(70), 2);
  ASSERT_TRUE(bins.thresholds());
  EXPECT_DOUBLE_EQ(bins.thresholds()->warm_from_celsius, 50);
  EXPECT_DOUBLE_EQ(bins.thresholds()->hot_from_celsius, 60);
  EXPECT_EQ(bins.bin_of(at_celsius(49.9)), ConditionBin::kCold);
  EXPECT_EQ(bins.bin_of(at_celsius(50)), ConditionBin::kWarm);
  EXPECT_EQ(bins.bin_of(at_celsius(60)), ConditionBin::kHot);
  EXPECT_EQ(bins.bin_of(at_celsius(95)), ConditionBin::kHot) << "hotter than ever is hot";
  EXPECT_FALSE(bins.bin_of({})) << "a sensor that fell silent tells nothing";
}

TEST(ConditionBins, ASensorThatLiesDoesNotSpoilTheRange) {
  ConditionBins bins;
  bins.learn(at_celsius(40), 1);
  bins.learn(at_celsius(60), 1);
  for (const double nonsense : {-273.0, 1e6, std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
    bins.learn(at_celsius(nonsense), 2);
    EXPECT_FALSE(bins.bin_of(at_celsius(nonsense)));
  }
  EXPECT_EQ(bins.bin_of(at_celsius(59)), ConditionBin::kHot);
}

TEST(ConditionBins, TheRangeForgetsWhatWasShownAMonthAgo) {
  ConditionBins bins;
  bins.learn(at_celsius(20), 1);  // a cold start in winter
  bins.learn(at_celsius(80), 2);
  bins.learn(at_celsius(60), ConditionBins::kEpochTicks + 2);
  EXPECT_EQ(bins.bin_of(at_celsius(60)), ConditionBin::kHot) << "the epoch before still counts";
  bins.learn(at_celsius(61), 2 * ConditionBins::kEpochTicks + 3);
  EXPECT_FALSE(bins.thresholds());
}

TEST(ConditionBins, ComesBackFromItsBytesAndRefusesOthers) {
  ConditionBins bins;
  bins.learn(at_celsius(40), 1);
  bins.learn(at_celsius(70), ConditionBins::kEpochTicks + 2);
  ByteWriter out;
  bins.save(out);
  const std::string bytes = out.take();
  ConditionBins after;
  ByteReader in(bytes);
  EXPECT_TRUE(after.restore(in));
  EXPECT_TRUE(in.complete());
  EXPECT_EQ(after.bin_of(at_celsius(65)), ConditionBin::kHot);
  std::string swapped = bytes;
  swapped[4] = 7;
  ByteReader bad(swapped);
  EXPECT_FALSE(after.restore(bad));
}

}  // namespace
}  // namespace assay::agent
