// SPDX-License-Identifier: Apache-2.0
#include "agent/core/backend_watch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace assay::agent {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

constexpr MonoTime kStart{std::chrono::hours{1}};
constexpr Duration kDeadline{20s};

Error hung() { return make_error(ErrorCode::kTimeout, "no answer within 20 s"); }
Error failed() { return make_error(ErrorCode::kUnavailable, "the driver is not of this library"); }

TEST(BackendWatch, AnAnswerIsNoNewsAndIsNotAskedForAgain) {
  BackendWatch watch;
  EXPECT_TRUE(watch.answered("cuda", uint64_t{8}, kDeadline, kStart).empty());
  EXPECT_EQ(watch.wake_at(), MonoTime::max());
  EXPECT_EQ(watch.due(kStart + 1000h), std::nullopt);
  ASSERT_EQ(watch.facts().size(), 1U);
  EXPECT_TRUE(watch.facts()[0].success);
  EXPECT_EQ(watch.facts()[0].devices, 8U);
}

TEST(BackendWatch, AHangIsAFindingWithItsDeadlineToldOnce) {
  BackendWatch watch;
  const News news = watch.answered("cuda", hung(), kDeadline, kStart);
  ASSERT_EQ(news.remarks.size(), 1U);
  EXPECT_TRUE(news.urgent);
  EXPECT_EQ(news.remarks[0].kind, RemarkKind::kHungDriverCall);
  EXPECT_EQ(news.remarks[0].text, "call=discovery backend=cuda after=\"20.0 s\"");
  EXPECT_FALSE(watch.facts()[0].success);
  EXPECT_EQ(watch.facts()[0].hangs, 1U);
  EXPECT_EQ(watch.due(kStart + 1min), "cuda");
  EXPECT_TRUE(watch.answered("cuda", hung(), kDeadline, kStart + 80s).empty()) << "it still does";
  EXPECT_EQ(watch.facts()[0].hangs, 2U);
}

TEST(BackendWatch, FailingInAnotherWayIsNewsAndSoIsFailingAgainAfterAnAnswer) {
  BackendWatch watch;
  EXPECT_EQ(watch.answered("cuda", hung(), kDeadline, kStart).remarks.size(), 1U);
  const News other = watch.answered("cuda", failed(), kDeadline, kStart + 1min);
  ASSERT_EQ(other.remarks.size(), 1U);
  EXPECT_EQ(other.remarks[0].kind, RemarkKind::kBackendFailed);
  EXPECT_THAT(other.remarks[0].text, HasSubstr("backend=cuda said=\"the driver is not of this library\""));
  EXPECT_TRUE(watch.answered("cuda", uint64_t{1}, kDeadline, kStart + 2min).empty());
  EXPECT_EQ(watch.answered("cuda", failed(), kDeadline, kStart + 3min).remarks.size(), 1U);
}

TEST(BackendWatch, IsAskedMoreAndMoreSeldomButAlwaysWithinTheHour) {
  BackendWatch watch;
  MonoTime now = kStart;
  watch.answered("cuda", failed(), kDeadline, now);
  std::vector<Duration> pauses;
  for (int i = 0; i < 40; ++i) {
    const MonoTime due = watch.wake_at();
    EXPECT_EQ(watch.due(due - 1ns), std::nullopt);
    ASSERT_EQ(watch.due(due), "cuda");
    pauses.push_back(due - now);
    now = due;
    watch.answered("cuda", failed(), kDeadline, now);
  }
  EXPECT_EQ(pauses[0], 1min);
  EXPECT_EQ(pauses[1], 2min);
  EXPECT_EQ(pauses[5], 32min);
  EXPECT_EQ(pauses[6], 1h);
  EXPECT_EQ(pauses.back(), 1h);
}

TEST(BackendWatch, OneIsAskedAtATime) {
  BackendWatch watch;
  watch.answered("cuda", failed(), kDeadline, kStart);
  watch.answered("opencl", failed(), kDeadline, kStart);
  EXPECT_EQ(watch.due(kStart + 2min), "cuda");
  EXPECT_EQ(watch.due(kStart + 2min), std::nullopt);
  EXPECT_EQ(watch.wake_at(), MonoTime::max()) << "the answer wakes";
  watch.answered("cuda", failed(), kDeadline, kStart + 2min);
  EXPECT_EQ(watch.due(kStart + 2min), "opencl");
}

TEST(BackendWatch, AReloadAsksThoseWithoutDevicesAtOnce) {
  BackendWatch watch;
  watch.answered("host", uint64_t{1}, kDeadline, kStart);
  watch.answered("cuda", uint64_t{0}, kDeadline, kStart);
  watch.answered("opencl", failed(), kDeadline, kStart);
  watch.ask_all(kStart + 1s);
  EXPECT_EQ(watch.due(kStart + 1s), "cuda") << "a driver may have come since";
  watch.answered("cuda", uint64_t{2}, kDeadline, kStart + 2s);
  EXPECT_EQ(watch.due(kStart + 2s), "opencl");
  watch.answered("opencl", uint64_t{0}, kDeadline, kStart + 2s);
  EXPECT_EQ(watch.due(kStart + 1000h), std::nullopt);
}

TEST(BackendWatch, AReloadWhileABackendIsBeingAskedAsksItOnceMore) {
  BackendWatch watch;
  watch.answered("cuda", failed(), kDeadline, kStart);
  ASSERT_EQ(watch.due(kStart + 1min), "cuda");
  watch.ask_all(kStart + 61s);
  EXPECT_EQ(watch.due(kStart + 61s), std::nullopt) << "one is asked at a time";
  watch.answered("cuda", failed(), kDeadline, kStart + 62s);
  EXPECT_EQ(watch.due(kStart + 62s), "cuda") << "what was mended while it looked, it did not see";
  watch.ask_all(kStart + 63s);
  watch.answered("cuda", uint64_t{0}, kDeadline, kStart + 64s);
  EXPECT_EQ(watch.due(kStart + 64s), "cuda");
  watch.ask_all(kStart + 65s);
  watch.answered("cuda", uint64_t{8}, kDeadline, kStart + 66s);
  EXPECT_EQ(watch.due(kStart + 1000h), std::nullopt);
}

}  // namespace
}  // namespace assay::agent
