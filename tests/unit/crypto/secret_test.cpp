// SPDX-License-Identifier: Apache-2.0
#include "common/crypto/secret.h"

#include <gtest/gtest.h>

namespace assay::crypto {
namespace {

TEST(Secret, RandomBytesHaveTheAskedSizeAndDiffer) {
  EXPECT_EQ(random_bytes(0), "");
  EXPECT_EQ(random_bytes(33).size(), 33U);
  EXPECT_NE(random_bytes(32), random_bytes(32));
}

TEST(Secret, RandomHexIsLowerCaseHexadecimal) {
  const std::string text = random_hex(20);
  EXPECT_EQ(text.size(), 40U);
  EXPECT_EQ(text.find_first_not_of("0123456789abcdef"), std::string::npos);
}

TEST(Secret, ComparesWholeTexts) {
  EXPECT_TRUE(equal_constant_time("", ""));
  EXPECT_TRUE(equal_constant_time("token", "token"));
  EXPECT_FALSE(equal_constant_time("token", "tokem"));
  EXPECT_FALSE(equal_constant_time("token", "toke"));
  EXPECT_FALSE(equal_constant_time(std::string("a\0b", 3), std::string("a\0c", 3)));
}

}  // namespace
}  // namespace assay::crypto
