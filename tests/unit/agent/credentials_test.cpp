// SPDX-License-Identifier: Apache-2.0
#include "agent/credentials.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <vector>

#include "agent/enrolment.h"
#include "common/base/file.h"
#include "tests/support/temp_dir.h"

namespace assay::agent {
namespace {

using assay::test::TempDir;
const std::string kFingerprint(64, 'a');

TEST(EnrolToken, IsReadWithItsIdAndFingerprint) {
  const auto token = parse_enrol_token("  assay1.e.0011aabb.secret." + kFingerprint + "\n");
  ASSERT_TRUE(token.ok());
  EXPECT_EQ(token->id, "0011aabb");
  EXPECT_EQ(token->ca_fingerprint, kFingerprint);
  EXPECT_EQ(token->text, "assay1.e.0011aabb.secret." + kFingerprint);
}

TEST(EnrolToken, IsRefusedWithoutBeingRepeated) {
  for (const std::string& text : std::vector<std::string>{"secret-thing", "assay1.e.id.secret.short", "assay1.v.id.secret-thing." + kFingerprint,
                                  "assay2.e.id.secret-thing." + kFingerprint, "assay1.e..secret-thing." + kFingerprint}) {
    const auto token = parse_enrol_token(text);
    ASSERT_FALSE(token.ok()) << text;
    EXPECT_EQ(token.error().code, ErrorCode::kInvalid);
    EXPECT_THAT(token.error().message, testing::Not(testing::HasSubstr("secret-thing")));
    EXPECT_THAT(token.error().message, testing::HasSubstr("assayctl token create"));
  }
}

TEST(Credentials, ComeBackAsTheyWereStoredWithAPrivateKeyFile) {
  const TempDir dir;
  EXPECT_EQ(*load_credentials(dir.path()), std::nullopt);
  ASSERT_TRUE(save_credentials(dir.path(), {{"key", "certificate"}, "ca"}).ok());
  const auto loaded = load_credentials(dir.path());
  ASSERT_TRUE(loaded.ok() && *loaded);
  EXPECT_EQ((*loaded)->identity.key_pem, "key");
  EXPECT_EQ((*loaded)->identity.certificate_pem, "certificate");
  EXPECT_EQ((*loaded)->ca_pem, "ca");
  struct stat facts {};
  ASSERT_EQ(::stat((dir / "agent.key").c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777, 0600U);
}

TEST(Credentials, AReplacementCutShortIsFinishedOrUndone) {
  // Killed before the new certificate was written: the old pair stays.
  const TempDir before;
  ASSERT_TRUE(save_credentials(before.path(), {{"key1", "certificate1"}, "ca"}).ok());
  ASSERT_TRUE(write_file_atomic(before / "agent.key.new", "key2").ok());
  EXPECT_EQ((**load_credentials(before.path())).identity.key_pem, "key1");
  EXPECT_FALSE(std::filesystem::exists(before / "agent.key.new"));

  // Killed after the key was renamed and before the certificate was: the new pair is completed.
  const TempDir after;
  ASSERT_TRUE(save_credentials(after.path(), {{"key1", "certificate1"}, "ca"}).ok());
  ASSERT_TRUE(write_file_atomic(after / "agent.key", "key2").ok());
  ASSERT_TRUE(write_file_atomic(after / "agent.pem.new", "certificate2").ok());
  const auto loaded = **load_credentials(after.path());
  EXPECT_EQ(loaded.identity.key_pem, "key2");
  EXPECT_EQ(loaded.identity.certificate_pem, "certificate2");
}

TEST(Credentials, HalfAnIdentityIsAnError) {
  const TempDir dir;
  ASSERT_TRUE(write_file_atomic(dir / "agent.pem", "certificate").ok());
  EXPECT_FALSE(load_credentials(dir.path()).ok());
}

TEST(Credentials, AreRenewedWhenAThirdOfTheirLifeIsLeft) {
  const auto renewed_after = [](std::chrono::seconds life) {
    const WallTime issued = from_unix_ms(1'800'000'000'000);
    crypto::CertificateFacts facts;
    facts.not_before = issued - std::chrono::minutes{5};  // as the authority dates them
    facts.not_after = issued + life;
    return renewal_time(facts) - issued;
  };
  using std::chrono::seconds;
  EXPECT_EQ(renewed_after(seconds{7 * 86400}), seconds{7 * 86400 * 2 / 3});
  EXPECT_EQ(renewed_after(seconds{90}), seconds{60}) << "short ones are not due at once";
  EXPECT_EQ(renewed_after(seconds{60}), seconds{40});
}

TEST(Enrolment, TakesTheCollectorsWordsFromAnErrorBody) {
  EXPECT_EQ(error_message(R"({"error":{"code":"permission","message":"token is used up"}})"), "token is used up");
  EXPECT_EQ(error_message("plain text"), "plain text");
  EXPECT_EQ(error_message(""), "no reason given");
}

}  // namespace
}  // namespace assay::agent
