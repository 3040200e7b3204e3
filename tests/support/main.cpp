// SPDX-License-Identifier: Apache-2.0
// GoogleTest's main. When every test of a binary was skipped it says so in words that ctest counts as a skip.
#include <cstdio>

#include <gtest/gtest.h>

int main(int argc, char** argv) {
  ::testing::InitGoogleTest(&argc, argv);
  const int result = RUN_ALL_TESTS();
  const auto& all = *::testing::UnitTest::GetInstance();
  if (result == 0 && all.test_to_run_count() > 0 && all.skipped_test_count() == all.test_to_run_count()) {
    std::puts("ALL TESTS SKIPPED");
  }
  return result;
}
