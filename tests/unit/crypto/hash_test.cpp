// SPDX-License-Identifier: Apache-2.0
// SHA-256 against the examples of FIPS 180-4 (NIST "Examples with Intermediate Values").
#include "common/crypto/hash.h"

#include <gtest/gtest.h>

#include <string>

#include "common/base/parse.h"

namespace assay::crypto {
namespace {

TEST(Hash, MatchesPublishedVectors) {
  EXPECT_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256_hex(std::string_view()), sha256_hex(""));
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256_hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(sha256_hex(std::string(1'000'000, 'a')),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Hash, RawAndHexadecimalAgree) {
  EXPECT_EQ(sha256("abc").size(), 32U);
  EXPECT_EQ(hex_encode(sha256("abc")), sha256_hex("abc"));
}

}  // namespace
}  // namespace assay::crypto
