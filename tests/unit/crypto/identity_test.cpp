// SPDX-License-Identifier: Apache-2.0
#include "common/crypto/identity.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "common/base/file.h"
#include "tests/support/temp_dir.h"

namespace assay::crypto {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

const WallTime kNow = from_unix_ms(1'800'000'000'000);

Authority open(const test::TempDir& dir) {
  auto authority = Authority::open_or_create(dir.path(), kNow);
  EXPECT_TRUE(authority.ok()) << (authority.ok() ? "" : authority.error().message);
  return std::move(authority).value();
}

TEST(Authority, IsCreatedOnceAndReopened) {
  const test::TempDir dir;
  const Authority first = open(dir);
  const Authority second = open(dir);
  EXPECT_EQ(first.certificate_pem(), second.certificate_pem());
  EXPECT_EQ(first.fingerprint(), second.fingerprint());
  EXPECT_EQ(first.fingerprint().size(), 64U);
  struct stat facts{};
  ASSERT_EQ(::stat((dir / "ca.key").c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777U, 0600U);
}

TEST(Authority, LivesTenYears) {
  const test::TempDir dir;
  const auto facts = read_certificate(open(dir).certificate_pem());
  ASSERT_TRUE(facts.ok()) << facts.error().message;
  EXPECT_EQ(facts->not_before, kNow - minutes(5));
  EXPECT_EQ(facts->not_after, kNow + hours(24 * 365 * 10));
  EXPECT_EQ(facts->role, "ca");
}

TEST(Authority, HalfACaIsCorruptAndNeverOverwritten) {
  for (const char* missing : {"ca.key", "ca.pem"}) {
    const test::TempDir dir;
    open(dir);
    std::filesystem::remove(dir / missing);
    const auto again = Authority::open_or_create(dir.path(), kNow);
    ASSERT_FALSE(again.ok()) << missing;
    EXPECT_EQ(again.error().code, ErrorCode::kCorrupt);
    EXPECT_NE(again.error().message.find(missing), std::string::npos) << again.error().message;
    EXPECT_FALSE(std::filesystem::exists(dir / missing));
  }
}

TEST(Authority, UnreadableFilesAreCorruptAndNamed) {
  for (const char* broken : {"ca.key", "ca.pem"}) {
    const test::TempDir dir;
    open(dir);
    ASSERT_TRUE(write_file_atomic(dir / broken, "-----BEGIN NOTHING-----\n").ok());
    const auto again = Authority::open_or_create(dir.path(), kNow);
    ASSERT_FALSE(again.ok()) << broken;
    EXPECT_EQ(again.error().code, ErrorCode::kCorrupt);
    EXPECT_NE(again.error().message.find(broken), std::string::npos) << again.error().message;
  }
}

TEST(Authority, KeyOfAnotherCaIsCorrupt) {
  const test::TempDir one;
  const test::TempDir two;
  open(one);
  open(two);
  std::filesystem::copy_file(one / "ca.key", two / "ca.key", std::filesystem::copy_options::overwrite_existing);
  EXPECT_EQ(Authority::open_or_create(two.path(), kNow).error().code, ErrorCode::kCorrupt);
}

TEST(Authority, CertificateThatIsNoCaIsCorrupt) {
  const test::TempDir dir;
  const Authority authority = open(dir);
  const auto server = authority.issue_server("collector", {"127.0.0.1"}, kNow, hours(1));
  ASSERT_TRUE(server.ok());
  ASSERT_TRUE(write_file_atomic(dir / "ca.key", server->key_pem).ok());
  ASSERT_TRUE(write_file_atomic(dir / "ca.pem", server->certificate_pem).ok());
  const auto again = Authority::open_or_create(dir.path(), kNow);
  ASSERT_FALSE(again.ok());
  EXPECT_NE(again.error().message.find("not a CA"), std::string::npos) << again.error().message;
}

TEST(Issue, NameAndRoleAreTheIssuersWords) {
  const test::TempDir dir;
  const Authority authority = open(dir);
  const auto request = make_request("i-would-be-admin");
  ASSERT_TRUE(request.ok());
  const auto pem = authority.issue(request->csr_pem, "node-17", "agent", kNow, hours(24));
  ASSERT_TRUE(pem.ok()) << pem.error().message;
  const auto facts = read_certificate(*pem);
  ASSERT_TRUE(facts.ok());
  EXPECT_EQ(facts->name, "node-17");
  EXPECT_EQ(facts->role, "agent");
  EXPECT_EQ(facts->serial.size(), 32U);
  EXPECT_EQ(facts->not_before, kNow - minutes(5));
  EXPECT_EQ(facts->not_after, kNow + hours(24));
}

TEST(Issue, SerialsDiffer) {
  const test::TempDir dir;
  const Authority authority = open(dir);
  const auto request = make_request("n");
  const auto one = read_certificate(*authority.issue(request->csr_pem, "n", "agent", kNow, hours(1)));
  const auto two = read_certificate(*authority.issue(request->csr_pem, "n", "agent", kNow, hours(1)));
  EXPECT_NE(one->serial, two->serial);
}

TEST(Issue, NeverOutlivesTheCa) {
  const test::TempDir dir;
  const Authority authority = open(dir);
  const auto request = make_request("n");
  const auto facts = read_certificate(*authority.issue(request->csr_pem, "n", "agent", kNow, hours(24 * 365 * 30)));
  ASSERT_TRUE(facts.ok());
  EXPECT_EQ(facts->not_after, read_certificate(authority.certificate_pem())->not_after);
}

TEST(Issue, LongAndUnicodeNamesPassControlCharactersDoNot) {
  const test::TempDir dir;
  const Authority authority = open(dir);
  const auto request = make_request("n");
  const std::string longest(128, 'x');
  const auto kept = authority.issue(request->csr_pem, longest, "agent", kNow, hours(1));
  ASSERT_TRUE(kept.ok());
  EXPECT_EQ(read_certificate(*kept)->name, longest);
  EXPECT_EQ(read_certificate(*authority.issue(request->csr_pem, "Jürgen", "viewer", kNow, hours(1)))->name, "Jürgen");
  for (const std::string& bad : {std::string(), std::string(129, 'x'), std::string("a\nb"), std::string("a\0b", 3)}) {
    EXPECT_EQ(authority.issue(request->csr_pem, bad, "agent", kNow, hours(1)).error().code, ErrorCode::kInvalid);
    EXPECT_EQ(authority.issue(request->csr_pem, "n", bad, kNow, hours(1)).error().code, ErrorCode::kInvalid);
  }
}

TEST(Request, TellsItsNameAndKeepsItsKey) {
  const auto request = make_request("node-1");
  ASSERT_TRUE(request.ok());
  EXPECT_NE(request->key_pem.find("BEGIN PRIVATE KEY"), std::string::npos);
  EXPECT_EQ(*request_name(request->csr_pem), "node-1");
}

TEST(Request, RefusesWhatIsNotSignedWithItsOwnKey) {
  const auto request = make_request("node-1");
  // The last base64 characters belong to the signature: one flipped bit there leaves a well-formed request.
  std::string forged = request->csr_pem;
  const size_t at = forged.rfind("\n-----END") - 8;
  forged[at] = forged[at] == 'A' ? 'B' : 'A';
  EXPECT_EQ(request_name(forged).error().code, ErrorCode::kInvalid);
}

TEST(Request, RefusesRubbish) {
  const test::TempDir dir;
  const Authority authority = open(dir);
  for (const std::string& text :
       {std::string(), std::string("x"), authority.certificate_pem(), std::string(100'000, 'A')}) {
    EXPECT_EQ(request_name(text).error().code, ErrorCode::kInvalid);
    EXPECT_EQ(authority.issue(text, "n", "agent", kNow, hours(1)).error().code, ErrorCode::kInvalid);
  }
}

TEST(ServerIdentity, NeedsUsableHosts) {
  const test::TempDir dir;
  const Authority authority = open(dir);
  EXPECT_TRUE(authority.issue_server("c", {"localhost", "127.0.0.1", "::1", "c.example"}, kNow, hours(1)).ok());
  EXPECT_EQ(authority.issue_server("c", {}, kNow, hours(1)).error().code, ErrorCode::kInvalid);
  for (const char* bad : {"", "a b", "a,DNS:evil.example", "a/b"}) {
    const auto refused = authority.issue_server("c", {bad}, kNow, hours(1));
    ASSERT_FALSE(refused.ok()) << bad;
    EXPECT_EQ(refused.error().code, ErrorCode::kInvalid);
  }
}

TEST(Certificate, RefusesRubbish) {
  EXPECT_EQ(read_certificate(std::string_view()).error().code, ErrorCode::kInvalid);
  EXPECT_EQ(request_name(std::string_view()).error().code, ErrorCode::kInvalid);
  EXPECT_EQ(read_certificate("").error().code, ErrorCode::kInvalid);
  EXPECT_EQ(certificate_fingerprint("-----BEGIN CERTIFICATE-----\n!!\n-----END CERTIFICATE-----\n").error().code,
            ErrorCode::kInvalid);
}

}  // namespace
}  // namespace assay::crypto
