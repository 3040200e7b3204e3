// SPDX-License-Identifier: Apache-2.0
#include "agent/discovery.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "common/base/file.h"
#include "tests/support/temp_dir.h"

namespace assay::agent {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

// What stands for a runner: a script, which says nothing that a discovery could take for devices.
class DiscoveryTest : public testing::Test {
 protected:
  DiscoveryOptions options_of(std::string_view script, Duration deadline) {
    const auto path = dir_ / fmt::format("runner-{}", ++runners_);
    EXPECT_TRUE(write_file_atomic(path, std::string("#!/bin/sh\n") + std::string(script)).ok());
    std::filesystem::permissions(path, std::filesystem::perms::owner_all);
    return {path, "n1", true, deadline, "cuda"};
  }
  test::TempDir dir_;
  int runners_ = 0;
};

TEST_F(DiscoveryTest, OneThatDoesNotAnswerIsATimeoutAndIsKilled) {
  auto discovery = Discovery::start(options_of("exec sleep 600", 200ms), BootClock::now());
  ASSERT_TRUE(discovery.ok()) << discovery.error().message;
  EXPECT_FALSE(discovery->advance(BootClock::now()).has_value()) << "without waiting";
  EXPECT_GE(discovery->descriptor(), 0);
  Discovery* const only = &*discovery;
  const auto answer = wait_for_answers({&only, 1}).front();
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code, ErrorCode::kTimeout);
  EXPECT_THAT(answer.error().message, HasSubstr("--discover --backend cuda: no answer within 200 ms"));
  EXPECT_TRUE(discovery->gone());
  EXPECT_EQ(discovery->descriptor(), -1);
  EXPECT_EQ(discovery->wake_at(), MonoTime::max());
  EXPECT_FALSE(discovery->advance(BootClock::now()).has_value()) << "the answer comes once";
}

TEST_F(DiscoveryTest, AllAreWaitedForTogetherAndEachHasItsOwnAnswer) {
  const MonoTime began = BootClock::now();
  std::vector<Discovery> discoveries;
  // A deadline that only the sum of two would pass.
  for (const std::string_view script : {"exec sleep 600", "exit 69", "exec sleep 601"}) {
    auto started = Discovery::start(options_of(script, 2s), began);
    ASSERT_TRUE(started.ok()) << started.error().message;
    discoveries.push_back(std::move(*started));
  }
  std::vector<Discovery*> asked;
  for (Discovery& discovery : discoveries) asked.push_back(&discovery);
  const auto answers = wait_for_answers(asked);
  EXPECT_LT(BootClock::now() - began, 4s);
  ASSERT_EQ(answers.size(), 3U);
  EXPECT_EQ(answers[0].error().code, ErrorCode::kTimeout);
  EXPECT_EQ(answers[1].error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(answers[2].error().code, ErrorCode::kTimeout);
}

TEST_F(DiscoveryTest, OneThatFailsIsUnavailable) {
  const auto answer = discover_devices(options_of("exit 69", 20s));
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(answer.error().message, HasSubstr("cut short"));
}

TEST_F(DiscoveryTest, NonsenseIsUnavailable) {
  const auto answer = discover_devices(options_of("printf '\\001\\000\\000\\000x' >&3", 20s));
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code, ErrorCode::kUnavailable);
}

TEST_F(DiscoveryTest, ARunnerThatIsNotThereIsUnavailable) {
  const auto answer = discover_devices({dir_ / "none", "n1", true, 20s, "cuda"});
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code, ErrorCode::kUnavailable);
}

}  // namespace
}  // namespace assay::agent
