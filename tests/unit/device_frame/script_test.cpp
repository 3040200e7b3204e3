// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/simulated/script.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace assay::probes::simulated {
namespace {

TEST(SimulatedScript, NothingIsNoDevice) {
  const auto script = parse_script("", "", "");
  ASSERT_TRUE(script.ok());
  EXPECT_EQ(script->devices, 0U);
  EXPECT_EQ(script->units, 8U);
}

TEST(SimulatedScript, NamesFaultsByDevice) {
  const auto script = parse_script("3", "12", "driver.fail  0.wrong_unit=7 0.deaf 2.lost_after=40 1.hang");
  ASSERT_TRUE(script.ok()) << script.error().message;
  EXPECT_EQ(script->devices, 3U);
  EXPECT_EQ(script->units, 12U);
  EXPECT_TRUE(script->driver_fails);
  EXPECT_EQ(script->of_device(0).wrong_unit, 7U);
  EXPECT_TRUE(script->of_device(0).deaf);
  EXPECT_TRUE(script->of_device(1).hang);
  EXPECT_EQ(script->of_device(2).lost_after, 40U);
  EXPECT_FALSE(script->of_device(3).hang);
}

TEST(SimulatedScript, ADriverMayFailWhileAFileIsThere) {
  const auto script = parse_script("1", "8", "driver.hang_while=/tmp/a driver.fail_while=/tmp/b");
  ASSERT_TRUE(script.ok()) << script.error().message;
  EXPECT_EQ(script->hangs_while, "/tmp/a");
  EXPECT_EQ(script->fails_while, "/tmp/b");
  EXPECT_FALSE(script->driver_hangs);
}

TEST(SimulatedScript, AWordThatIsNoneIsNamed) {
  for (const char* faults : {"0.wrong", "0.wrong_unit", "0.wrong_unit=x", "driver.sleep", "99.hang", "hang", "0.deaf=1"}) {
    const auto script = parse_script("1", "8", faults);
    ASSERT_FALSE(script.ok()) << faults;
    EXPECT_THAT(script.error().message, testing::HasSubstr(faults));
  }
  EXPECT_FALSE(parse_script("17", "", "").ok());
  EXPECT_FALSE(parse_script("1", "0", "").ok());
}

}  // namespace
}  // namespace assay::probes::simulated
