// SPDX-License-Identifier: Apache-2.0
#include "collector/api/auth.h"

#include <cstdint>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "collector/identity/token.h"

namespace assay::collector {
namespace {

const WallTime kNow = from_unix_ms(1'800'000'000'000);
const std::string kFingerprint(64, 'a');

struct Known {
  TokenBook book;
  Token token;
  explicit Known(TokenKind kind, Duration left = std::chrono::hours{1}) : token(make_token(kind, kFingerprint)) {
    book.put(token.id, {kind, "ann", hash_secret(token.secret), kNow + left, false});
  }
};

std::string encode_base64(std::string_view text) {
  constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  uint32_t bits = 0;
  int held = 0;
  for (const char c : text) {
    bits = (bits << 8 | static_cast<unsigned char>(c)) & 0xFFFFFF;
    for (held += 8; held >= 6; held -= 6) out.push_back(kAlphabet[bits >> (held - 6) & 63]);
  }
  if (held > 0) out.push_back(kAlphabet[bits << (6 - held) & 63]);
  return out;
}

net::Request with_header(std::string value) {
  net::Request request;
  request.authorization = std::move(value);
  return request;
}

TEST(Token, RoundTrips) {
  const Token token = make_token(TokenKind::kOperator, kFingerprint);
  const auto parsed = parse_token(to_text(token) + "\n");
  ASSERT_TRUE(parsed.ok());
  EXPECT_EQ(parsed->id, token.id);
  EXPECT_EQ(parsed->secret, token.secret);
  EXPECT_EQ(parsed->kind, TokenKind::kOperator);
  EXPECT_EQ(parsed->ca_fingerprint, kFingerprint);
}

TEST(Token, RefusesOtherTextsWithoutRepeatingThem) {
  const std::string good = to_text(make_token(TokenKind::kAdmin, kFingerprint));
  for (const std::string& bad : {std::string(), good.substr(1), good + "a", good.substr(0, good.size() - 1), "assay2" + good.substr(6), std::string("a.b.c.d.e")}) {
    const auto parsed = parse_token(bad);
    ASSERT_FALSE(parsed.ok());
    if (!bad.empty()) {
      EXPECT_EQ(parsed.error().message.find(bad), std::string::npos);
    }
  }
  std::string upper = good;
  upper[20] = 'G';
  EXPECT_FALSE(parse_token(upper).ok());
}

TEST(TokenBook, TellsUnknownWrongAndExpiredTokensFromGoodOnes) {
  Known known(TokenKind::kViewer);
  EXPECT_TRUE(known.book.check(to_text(known.token), kNow).ok());
  EXPECT_EQ(known.book.check(to_text(known.token), kNow + std::chrono::hours{1}).error().code, ErrorCode::kPermission);

  Token wrong = known.token;
  wrong.secret = make_token(TokenKind::kViewer, kFingerprint).secret;
  const auto wrong_secret = known.book.check(to_text(wrong), kNow);
  const auto unknown = known.book.check(to_text(make_token(TokenKind::kViewer, kFingerprint)), kNow);
  ASSERT_FALSE(wrong_secret.ok());
  ASSERT_FALSE(unknown.ok());
  EXPECT_EQ(wrong_secret.error().message, unknown.error().message);

  Token promoted = known.token;
  promoted.kind = TokenKind::kAdmin;   // the letter is not part of the secret: it must not be believed
  EXPECT_FALSE(known.book.check(to_text(promoted), kNow).ok());

  known.book.remove(known.token.id);
  EXPECT_FALSE(known.book.check(to_text(known.token), kNow).ok());
}

TEST(Identify, BearerAndBasicGiveTheTokensRole) {
  const Known known(TokenKind::kOperator);
  const auto bearer = identify(with_header("Bearer " + to_text(known.token)), known.book, kNow);
  ASSERT_TRUE(bearer.ok());
  EXPECT_EQ(bearer->role, Role::kOperator);
  EXPECT_EQ(bearer->name, "ann");
  EXPECT_EQ(basic_password("Basic dXNlcjpwYTpzcw=="), "pa:ss");
  EXPECT_EQ(basic_password("Basic dXNlcjpwYQ"), "pa");
  EXPECT_EQ(basic_password("Basic !!!"), std::nullopt);
  EXPECT_EQ(basic_password("Basic dXNlcg=="), std::nullopt);
}

TEST(Identify, APasswordThatABrowserRemembersIsForReadingOnly) {
  TokenBook book;
  // "x:" and this token, as a browser sends them.
  const std::string text = "assay1.a.00112233aabb." + std::string(64, '1') + "." + kFingerprint;
  book.put("00112233aabb", {TokenKind::kAdmin, "ann", hash_secret(std::string(64, '1')), kNow + std::chrono::hours{1}, false});
  net::Request request = with_header("Basic " + encode_base64("x:" + text));
  request.method = "GET";
  EXPECT_TRUE(identify(request, book, kNow).ok());
  request.method = "POST";
  EXPECT_EQ(identify(request, book, kNow).error().code, ErrorCode::kPermission);
}

TEST(Identify, AnEnrolmentTokenIsNoIdentity) {
  const Known known(TokenKind::kEnrol);
  EXPECT_EQ(identify(with_header("Bearer " + to_text(known.token)), known.book, kNow).error().code, ErrorCode::kPermission);
}

TEST(Identify, CertificateCountsWhenThereIsNoHeader) {
  const Known known(TokenKind::kViewer);
  net::Request request;
  EXPECT_EQ(identify(request, known.book, kNow)->role, Role::kNone);
  request.peer = net::PeerIdentity{"node-1", "agent", "01"};
  EXPECT_EQ(identify(request, known.book, kNow)->role, Role::kAgent);
  request.peer->role = "collector";
  EXPECT_EQ(identify(request, known.book, kNow)->role, Role::kNone);
  request.authorization = "Bearer nonsense";   // a wrong token is not saved by a certificate
  EXPECT_FALSE(identify(request, known.book, kNow).ok());
  request.authorization = "Digest x";
  EXPECT_FALSE(identify(request, known.book, kNow).ok());
}

TEST(FailureLimiter, AllowsABurstThenOneEverySixSeconds) {
  FailureLimiter limiter;
  MonoTime now{std::chrono::hours{1}};
  for (size_t i = 0; i < FailureLimiter::kBurst; ++i) EXPECT_TRUE(limiter.admit("10.0.0.1", now)) << i;
  EXPECT_FALSE(limiter.admit("10.0.0.1", now));
  EXPECT_TRUE(limiter.admit("10.0.0.2", now));
  now += FailureLimiter::kRefill;
  EXPECT_TRUE(limiter.admit("10.0.0.1", now));
  EXPECT_FALSE(limiter.admit("10.0.0.1", now));
}

TEST(FailureLimiter, RemembersABoundedNumberOfAddresses) {
  FailureLimiter limiter;
  const MonoTime now{std::chrono::hours{1}};
  for (size_t i = 0; i < FailureLimiter::kAddresses + 100; ++i) EXPECT_TRUE(limiter.admit(std::to_string(i), now));
}

}  // namespace
}  // namespace assay::collector
