// SPDX-License-Identifier: Apache-2.0
#include "common/base/random.h"

#include <set>

namespace assay {
namespace {

// SplitMix64 from state 0: the first outputs published with the algorithm's reference code.
TEST(Random, SplitMixKnownAnswers) {
  uint64_t state = 0;
  EXPECT_EQ(split_mix64(state), 0xE220A8397B1DCDAFULL);
  EXPECT_EQ(split_mix64(state), 0x6E789E6AA1B965F4ULL);
  EXPECT_EQ(split_mix64(state), 0x06C45D188009454FULL);
}

TEST(Random, EqualSeedsGiveEqualStreams) {
  Random a(seed_from("gemm.fp64.grid", 1));
  Random b(seed_from("gemm.fp64.grid", 1));
  Random c(seed_from("gemm.fp64.grid", 2));
  EXPECT_EQ(a.next(), b.next());
  EXPECT_NE(a.next(), c.next());
}

TEST(Random, BelowStaysBelowAndReachesEverything) {
  Random random(1);
  std::set<uint64_t> seen;
  for (int i = 0; i < 1000; ++i) seen.insert(random.below(7));
  EXPECT_EQ(seen.size(), 7U);
  EXPECT_EQ(*seen.rbegin(), 6U);
}

TEST(Random, UnitIsInTheHalfOpenInterval) {
  Random random(3);
  double sum = 0;
  for (int i = 0; i < 10000; ++i) {
    const double x = random.unit();
    EXPECT_GE(x, 0.0);
    EXPECT_LT(x, 1.0);
    sum += x;
  }
  EXPECT_NEAR(sum / 10000, 0.5, 0.02);
}

}  // namespace
}  // namespace assay
