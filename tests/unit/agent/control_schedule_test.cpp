// SPDX-License-Identifier: Apache-2.0
#include "agent/core/control_schedule.h"

#include <gtest/gtest.h>

#include <set>

namespace assay::agent {
namespace {

TEST(ControlSchedule, TakesExactlyOneTurnInSoMany) {
  ControlSchedule schedule(500, 3);
  int controls = 0;
  for (int i = 0; i < 5000; ++i) controls += schedule.take_turn() ? 1 : 0;
  EXPECT_EQ(controls, 10);
}

TEST(ControlSchedule, CanBeTurnedOffAndOn) {
  ControlSchedule schedule(0, 3);
  for (int i = 0; i < 1000; ++i) EXPECT_FALSE(schedule.take_turn());
  schedule.set_one_in(1);
  EXPECT_TRUE(schedule.take_turn());
  EXPECT_TRUE(schedule.take_turn());
}

TEST(ControlSchedule, PlantsAnotherFaultEachTimeOnTheUnitAsked) {
  ControlSchedule schedule(10, 3);
  std::set<uint64_t> seeds;
  for (int i = 0; i < 20; ++i) {
    const auto injection = schedule.plant(5);
    EXPECT_EQ(injection.unit, 5U);
    EXPECT_EQ(injection.shape, FaultShape::kBitFlip);
    EXPECT_EQ(injection.probability, 1.0);
    seeds.insert(injection.seed);
  }
  EXPECT_EQ(seeds.size(), 20U);
}

}  // namespace
}  // namespace assay::agent
