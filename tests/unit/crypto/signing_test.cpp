// SPDX-License-Identifier: Apache-2.0
// Ed25519 against RFC 8032 section 7.1, and the key file.
#include "common/crypto/signing.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "common/base/file.h"
#include "common/base/parse.h"
#include "tests/support/temp_dir.h"

namespace assay::crypto {
namespace {

// RFC 8032 section 7.1, TEST 3, as PKCS#8: the fixed prefix of RFC 8410 and the 32-byte seed
// c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7.
constexpr char kVectorPem[] =
    "-----BEGIN PRIVATE KEY-----\n"
    "MC4CAQAwBQYDK2VwBCIEIMWqjfQ/n4N77bdELzHct7Fm04U1B28JS4XOOi4LRFj3\n"
    "-----END PRIVATE KEY-----\n";
constexpr char kVectorPublic[] = "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025";
constexpr char kVectorSignature[] =
    "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc0"
    "27beceea1ec40a";

TEST(Signing, MatchesRfc8032) {
  const auto key = SigningKey::from_pem(kVectorPem);
  ASSERT_TRUE(key.ok()) << key.error().message;
  EXPECT_EQ(key->public_hex(), kVectorPublic);
  const std::string message = *hex_decode("af82");
  EXPECT_EQ(key->sign_hex(message), kVectorSignature);
  EXPECT_TRUE(verify_signature(kVectorPublic, message, kVectorSignature).ok());
}

TEST(Signing, PemRoundTripKeepsTheKey) {
  const SigningKey key = SigningKey::generate();
  const auto again = SigningKey::from_pem(key.pem());
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again->public_hex(), key.public_hex());
  EXPECT_EQ(again->sign_hex("x"), key.sign_hex("x"));
}

TEST(Signing, RefusesAnotherKeyMessageOrSignature) {
  const SigningKey key = SigningKey::generate();
  const std::string signature = key.sign_hex("drain node 7");
  EXPECT_TRUE(verify_signature(key.public_hex(), "drain node 7", signature).ok());
  EXPECT_EQ(verify_signature(key.public_hex(), "drain node 8", signature).error().code, ErrorCode::kPermission);
  EXPECT_EQ(verify_signature(SigningKey::generate().public_hex(), "drain node 7", signature).error().code,
            ErrorCode::kPermission);
  std::string flipped = signature;
  flipped[0] = flipped[0] == 'a' ? 'b' : 'a';
  EXPECT_EQ(verify_signature(key.public_hex(), "drain node 7", flipped).error().code, ErrorCode::kPermission);
}

TEST(Signing, NamesWhatIsNotHexadecimal) {
  const SigningKey key = SigningKey::generate();
  const std::string signature = key.sign_hex("m");
  const auto bad_key = verify_signature("zz", "m", signature);
  ASSERT_FALSE(bad_key.ok());
  EXPECT_EQ(bad_key.error().code, ErrorCode::kInvalid);
  EXPECT_NE(bad_key.error().message.find("public key"), std::string::npos);
  EXPECT_EQ(verify_signature(key.public_hex(), "m", signature.substr(2)).error().code, ErrorCode::kInvalid);
}

TEST(Signing, SignsTheEmptyMessage) {
  const SigningKey key = SigningKey::generate();
  EXPECT_TRUE(verify_signature(key.public_hex(), std::string_view(), key.sign_hex("")).ok());
  EXPECT_TRUE(verify_signature(key.public_hex(), "", key.sign_hex(std::string_view())).ok());
}

TEST(Signing, RefusesOtherPems) {
  EXPECT_EQ(SigningKey::from_pem("").error().code, ErrorCode::kInvalid);
  EXPECT_EQ(SigningKey::from_pem("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n").error().code,
            ErrorCode::kInvalid);
}

TEST(Signing, CreatesTheKeyFileOnceAndOnlyForTheOwner) {
  const test::TempDir dir;
  const auto first = SigningKey::load_or_create(dir / "decision.key");
  ASSERT_TRUE(first.ok()) << first.error().message;
  struct stat facts{};
  ASSERT_EQ(::stat((dir / "decision.key").c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777U, 0600U);
  const auto second = SigningKey::load_or_create(dir / "decision.key");
  ASSERT_TRUE(second.ok());
  EXPECT_EQ(first->public_hex(), second->public_hex());
}

TEST(Signing, BrokenKeyFileIsCorruptAndStays) {
  const test::TempDir dir;
  ASSERT_TRUE(write_file_atomic(dir / "decision.key", "rubbish").ok());
  const auto key = SigningKey::load_or_create(dir / "decision.key");
  ASSERT_FALSE(key.ok());
  EXPECT_EQ(key.error().code, ErrorCode::kCorrupt);
  EXPECT_NE(key.error().message.find("decision.key"), std::string::npos);
  EXPECT_EQ(*read_file(dir / "decision.key", 100), "rubbish");
}

}  // namespace
}  // namespace assay::crypto
