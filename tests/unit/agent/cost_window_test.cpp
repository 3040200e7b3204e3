// SPDX-License-Identifier: Apache-2.0
#include "agent/core/cost_window.h"

#include <gtest/gtest.h>

namespace assay::agent {
namespace {

using namespace std::chrono_literals;
constexpr MonoTime kStart{std::chrono::hours{5}};

TEST(CostWindow, IsTheShareOfAllUnitsSinceTheStart) {
  CostWindow window(kStart);
  EXPECT_EQ(window.ratio(4, kStart), 0);
  window.add(2.0, kStart + 10s);
  EXPECT_NEAR(window.ratio(4, kStart + 100s), 2.0 / 400.0, 1e-12);
}

TEST(CostWindow, ForgetsWhatIsOlderThanAnHour) {
  CostWindow window(kStart);
  window.add(36.0, kStart + 1s);
  EXPECT_NEAR(window.ratio(1, kStart + 59min + 30s), 36.0 / 3570.0, 1e-9);
  EXPECT_EQ(window.ratio(1, kStart + 2h), 0);
  EXPECT_EQ(window.total(), 36.0);
}

TEST(CostWindow, StaysAccurateOverManyHours) {
  CostWindow window(kStart);
  for (Duration now = 0s; now < 5h; now += 10s) window.add(0.1, kStart + now);
  EXPECT_NEAR(window.ratio(1, kStart + 5h), 0.01, 0.0004);
}

}  // namespace
}  // namespace assay::agent
