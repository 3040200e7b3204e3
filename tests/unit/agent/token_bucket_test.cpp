// SPDX-License-Identifier: Apache-2.0
#include "agent/core/token_bucket.h"

#include <gtest/gtest.h>

namespace assay::agent {
namespace {

using namespace std::chrono_literals;
constexpr MonoTime kStart{std::chrono::hours{1}};

TEST(TokenBucket, AffordsASliceOnlyOnceItIsSavedUp) {
  const TokenBucket bucket({0.002, 0.05, 0}, kStart);
  EXPECT_FALSE(bucket.affords(0.05, kStart));
  EXPECT_FALSE(bucket.affords(0.05, kStart + 24s));
  EXPECT_TRUE(bucket.affords(0.05, kStart + 25s + 1us));
  EXPECT_NEAR(to_seconds(bucket.affords_at(0.05, kStart) - kStart), 25.0, 1e-6);
  EXPECT_TRUE(bucket.affords(0.05, bucket.affords_at(0.05, kStart)));
}

TEST(TokenBucket, SavesUpNoMoreThanItsCapacity) {
  TokenBucket bucket({1, 0.05, 0}, kStart);
  bucket.spend(0.05, kStart + 24h);
  EXPECT_FALSE(bucket.affords(0.05, kStart + 24h));
}

TEST(TokenBucket, CarriesAnOverrunAsADeficit) {
  TokenBucket bucket({0.01, 0.05, 0.05}, kStart);
  bucket.spend(0.05, kStart);
  bucket.settle(0.05, 0.15, kStart);  // took three times as long as planned
  EXPECT_NEAR(bucket.level(kStart), -0.1, 1e-12);
  EXPECT_NEAR(to_seconds(bucket.affords_at(0.05, kStart) - kStart), 15.0, 1e-6);
}

TEST(TokenBucket, GivesBackWhatASliceDidNotUse) {
  TokenBucket bucket({0.01, 0.05, 0.05}, kStart);
  bucket.spend(0.05, kStart);
  bucket.settle(0.05, 0.01, kStart);
  EXPECT_NEAR(bucket.level(kStart), 0.04, 1e-12);
}

TEST(TokenBucket, ASliceAboveTheCapacityIsHadFromAFullBucket) {
  const TokenBucket bucket({0.01, 0.05, 0}, kStart);
  EXPECT_TRUE(bucket.affords(1.0, kStart + 6s));
}

TEST(TokenBucket, ChargesOfRetestsLeaveABoundedDeficit) {
  TokenBucket bucket({0.01, 0.05, 0}, kStart);
  bucket.charge(100, 0.6, kStart);
  EXPECT_NEAR(bucket.level(kStart), -0.6, 1e-12);
  bucket.charge(100, 0.6, kStart);
  EXPECT_NEAR(bucket.level(kStart), -0.6, 1e-12);
}

TEST(TokenBucket, WithoutARateNothingEverBecomesAffordable) {
  const TokenBucket bucket({0, 0.05, 0}, kStart);
  EXPECT_EQ(bucket.affords_at(0.05, kStart), MonoTime::max());
}

TEST(TokenBucket, TimeThatRunsBackwardsGainsNothing) {
  TokenBucket bucket({1, 10, 0}, kStart);
  bucket.spend(0, kStart + 5s);
  EXPECT_NEAR(bucket.level(kStart), 5.0, 1e-9);
}

TEST(TokenBucket, KeepsWhatIsSavedWhenTheRateChanges) {
  TokenBucket bucket({0.01, 0.5, 0}, kStart);
  bucket.reconfigure(0.1, 0.5, kStart + 10s);
  EXPECT_NEAR(bucket.level(kStart + 10s), 0.1, 1e-9);
  EXPECT_NEAR(bucket.level(kStart + 11s), 0.2, 1e-9);
}

}  // namespace
}  // namespace assay::agent
