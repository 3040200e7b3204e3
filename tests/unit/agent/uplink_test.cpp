// SPDX-License-Identifier: Apache-2.0
#include "agent/core/uplink.h"

#include <gtest/gtest.h>

namespace assay::agent {
namespace {

using namespace std::chrono_literals;
constexpr MonoTime kStart{std::chrono::hours{1}};

TEST(Uplink, ReportsAtItsIntervalWithJitter) {
  Uplink uplink({}, 7, kStart);
  MonoTime now = kStart;
  Duration shortest = 1h;
  Duration longest = 0s;
  MonoTime last = kStart;
  for (int i = 0; i < 200; ++i) {
    now = uplink.wake_at(false);
    ASSERT_TRUE(uplink.report_due(now));
    EXPECT_FALSE(uplink.report_due(now - 1ms));
    if (i > 0) {
      shortest = std::min<Duration>(shortest, now - last);
      longest = std::max<Duration>(longest, now - last);
    }
    last = now;
    uplink.report_built(now);
  }
  EXPECT_GE(shortest, 12s);
  EXPECT_LE(longest, 18s);
  EXPECT_GT(longest - shortest, 2s);
}

TEST(Uplink, EvidenceDoesNotWait) {
  Uplink uplink({}, 7, kStart);
  uplink.report_built(kStart);
  EXPECT_FALSE(uplink.report_due(kStart + 1s));
  uplink.evidence_waits();
  EXPECT_TRUE(uplink.report_due(kStart + 1s));
  EXPECT_LE(uplink.wake_at(false), kStart);
}

TEST(Uplink, HasOneReportInFlight) {
  Uplink uplink({}, 7, kStart);
  EXPECT_FALSE(uplink.may_send(false, kStart));
  EXPECT_TRUE(uplink.may_send(true, kStart));
  uplink.sent();
  EXPECT_FALSE(uplink.may_send(true, kStart + 1h));
  uplink.acknowledged(kStart + 1s);
  EXPECT_TRUE(uplink.connected());
  EXPECT_TRUE(uplink.may_send(true, kStart + 1s)) << "a backlog goes out without pauses";
}

TEST(Uplink, PausesGrowWithFailuresAndEndAtTwoMinutes) {
  Uplink uplink({}, 7, kStart);
  Duration before = 0s;
  for (int i = 0; i < 12; ++i) {
    uplink.sent();
    uplink.failed(SendFailure::kUnreachable, kStart);
    const Duration pause = uplink.wake_at(true) - kStart;
    EXPECT_FALSE(uplink.may_send(true, kStart + pause - 1ms) && i < 4);
    if (i < 6) {
      EXPECT_GT(pause, before);
    }
    EXPECT_LE(pause, 144s);
    before = pause;
    uplink.report_built(kStart + 10min);  // keeps the report interval out of wake_at()
  }
  EXPECT_GE(before, 96s);
  EXPECT_FALSE(uplink.connected());
}

TEST(Uplink, ARefusalIsRetriedSlowlyAndARejectionSoon) {
  Uplink uplink({}, 7, kStart);
  uplink.report_built(kStart + 10min);
  uplink.sent();
  uplink.failed(SendFailure::kRefused, kStart);
  EXPECT_GE(uplink.wake_at(true) - kStart, 4min);
  uplink.forget_failures(kStart);
  EXPECT_TRUE(uplink.may_send(true, kStart));
  uplink.sent();
  uplink.failed(SendFailure::kRejected, kStart);
  EXPECT_LE(uplink.wake_at(true) - kStart, 2s);
}

TEST(Uplink, TwoAgentsDoNotMarchInStep) {
  Uplink one({}, 1, kStart);
  Uplink two({}, 2, kStart);
  EXPECT_NE(one.wake_at(false), two.wake_at(false));
}

}  // namespace
}  // namespace assay::agent
