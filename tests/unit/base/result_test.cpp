// SPDX-License-Identifier: Apache-2.0
#include "common/base/result.h"

#include <cerrno>
#include <memory>

namespace assay {
namespace {

Result<int> half(int number) {
  if (number % 2 != 0) return make_error(ErrorCode::kInvalid, "odd");
  return number / 2;
}
Result<int> quarter(int number) { return half(TRY(half(number))); }
Status check_even(int number) {
  TRY(half(number));
  return {};
}
Result<std::unique_ptr<int>> boxed(int number) { return std::make_unique<int>(TRY(half(number))); }

TEST(Result, TryHandsOnValueOrError) {
  EXPECT_EQ(*quarter(8), 2);
  EXPECT_EQ(quarter(6).error().message, "odd");
  EXPECT_TRUE(check_even(2).ok());
  EXPECT_EQ(check_even(3).error().code, ErrorCode::kInvalid);
}

TEST(Result, HoldsMoveOnlyValues) { EXPECT_EQ(**boxed(4), 2); }

TEST(Result, ErrorsGainContext) { EXPECT_EQ(half(1).error().in("agent.toml").message, "agent.toml: odd"); }

TEST(Result, ErrnoBecomesWhatACallerCanDo) {
  EXPECT_EQ(errno_error(ENOENT, "x").code, ErrorCode::kNotFound);
  EXPECT_EQ(errno_error(ENOSPC, "x").code, ErrorCode::kUnavailable);
  EXPECT_EQ(errno_error(EACCES, "x").code, ErrorCode::kPermission);
}

TEST(ResultDeathTest, TakingTheValueOfAnErrorIsABug) {
  EXPECT_DEATH(static_cast<void>(*half(1)), "check failed: ok\\(\\) at .*result.h:[0-9]+");
}

}  // namespace
}  // namespace assay
