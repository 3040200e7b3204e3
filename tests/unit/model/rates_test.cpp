// SPDX-License-Identifier: Apache-2.0
#include "common/model/rates.h"

#include <gtest/gtest.h>

namespace assay {
namespace {

// Known values: Newcombe, "Two-sided confidence intervals for the single proportion", Stat. Med. 17 (1998), table I, method 3.
TEST(WilsonInterval, GivesThePublishedValues) {
  EXPECT_NEAR(wilson_interval({81, 263}).low, 0.2553, 5e-5);
  EXPECT_NEAR(wilson_interval({81, 263}).high, 0.3662, 5e-5);
  EXPECT_NEAR(wilson_interval({15, 148}).low, 0.0624, 5e-5);
  EXPECT_NEAR(wilson_interval({15, 148}).high, 0.1605, 5e-5);
  EXPECT_NEAR(wilson_interval({0, 20}).high, 0.1611, 5e-5);
  EXPECT_NEAR(wilson_interval({1, 29}).low, 0.0061, 5e-5);
  EXPECT_NEAR(wilson_interval({1, 29}).high, 0.1718, 5e-5);
}

TEST(WilsonInterval, AllAndNoneTouchTheEndsAndNothingKnowsNothing) {
  EXPECT_EQ(wilson_interval({20, 20}).high, 1.0);
  EXPECT_NEAR(wilson_interval({20, 20}).low, 0.8389, 5e-5);
  EXPECT_EQ(wilson_interval({0, 20}).low, 0.0);
  EXPECT_EQ(wilson_interval({0, 0}).low, 0.0);
  EXPECT_EQ(wilson_interval({0, 0}).high, 1.0);
}

// Fisher's own tea: 4 of 4 cups right is 1 in 70, 3 or more of 4 is 17 in 70.
TEST(FisherExact, GivesThePublishedValues) {
  EXPECT_NEAR(fisher_exact({4, 4}, {0, 4}), 1.0 / 70, 1e-12);
  EXPECT_NEAR(fisher_exact({3, 4}, {1, 4}), 17.0 / 70, 1e-12);
  // His twins: 10 of 13 monozygotic against 2 of 17 dizygotic convicted.
  EXPECT_NEAR(fisher_exact({10, 13}, {2, 17}), 0.0004652, 5e-7);
}

TEST(FisherExact, ASuspectLikeTheOthersIsNotDifferent) {
  EXPECT_NEAR(fisher_exact({0, 10}, {0, 30}), 1.0, 1e-12);
  EXPECT_NEAR(fisher_exact({10, 10}, {30, 30}), 1.0, 1e-12);
  EXPECT_GT(fisher_exact({1, 10}, {3, 30}), 0.5);
  EXPECT_EQ(fisher_exact({3, 3}, {0, 0}), 1.0);
  EXPECT_EQ(fisher_exact({0, 0}, {5, 5}), 1.0);
}

TEST(FisherExact, IsTheSumOverAllWorseTables) {
  double last = 1;
  for (uint64_t hits = 1; hits <= 10; ++hits) {
    const double p = fisher_exact({hits, 10}, {0, 30});
    EXPECT_LT(p, last);
    last = p;
  }
  EXPECT_NEAR(last, 1.0 / 847660528.0, 1e-15) << "one choice of 10 in 40";
  EXPECT_LT(fisher_exact({100000, 100000}, {0, 300000}), 1e-300);
}

}  // namespace
}  // namespace assay
