// SPDX-License-Identifier: Apache-2.0
#include "collector/identity/enrolment.h"

#include <gtest/gtest.h>

#include "collector/identity/certificate_book.h"
#include "common/crypto/identity.h"

namespace assay::collector {
namespace {

const WallTime kNow = from_unix_ms(1'800'000'000'000);

EnrolRequest request_for(const std::string& node) { return {"", node, crypto::make_request(node)->csr_pem}; }

TokenEntry enrol_token(std::string bound_to = "") { return {TokenKind::kEnrol, std::move(bound_to), "", kNow, false}; }

TEST(Enrolment, AdmitsANewNode) {
  EXPECT_TRUE(check_enrolment(enrol_token(), request_for("node-1"), false).ok());
  EXPECT_TRUE(check_enrolment(enrol_token("node-1"), request_for("node-1"), false).ok());
}

TEST(Enrolment, RefusesWhatTheTokenIsNotFor) {
  TokenEntry viewer = enrol_token();
  viewer.kind = TokenKind::kAdmin;
  EXPECT_EQ(check_enrolment(viewer, request_for("node-1"), false).error().code, ErrorCode::kPermission);
  EXPECT_EQ(check_enrolment(enrol_token("node-2"), request_for("node-1"), false).error().code, ErrorCode::kPermission);
  TokenEntry used = enrol_token();
  used.used = true;
  EXPECT_EQ(check_enrolment(used, request_for("node-1"), false).error().code, ErrorCode::kPermission);
}

TEST(Enrolment, ALiveNodeNeedsATokenMadeForIt) {
  EXPECT_EQ(check_enrolment(enrol_token(), request_for("node-1"), true).error().code, ErrorCode::kConflict);
  EXPECT_TRUE(check_enrolment(enrol_token("node-1"), request_for("node-1"), true).ok());
}

TEST(Enrolment, RefusesBadNamesAndRequests) {
  EnrolRequest request = request_for("node-1");
  request.node = "../etc";
  EXPECT_EQ(check_enrolment(enrol_token(), request, false).error().code, ErrorCode::kInvalid);
  request.node = "node-2";   // the request is for node-1
  EXPECT_EQ(check_enrolment(enrol_token(), request, false).error().code, ErrorCode::kInvalid);
  request.csr_pem = "nonsense";
  EXPECT_FALSE(check_enrolment(enrol_token(), request, false).ok());
  EXPECT_TRUE(check_renewal("node-1", request_for("node-1").csr_pem).ok());
  EXPECT_FALSE(check_renewal("node-2", request_for("node-1").csr_pem).ok());
}

TEST(CertificateBook, KnowsWhoIsLiveAndWhatIsRevoked) {
  CertificateBook book;
  const CertificateRow row{"aa", "node-1", "agent", kNow, kNow + std::chrono::hours{1}, false, ""};
  book.add(row);
  EXPECT_TRUE(book.has_live_agent("node-1", kNow));
  EXPECT_FALSE(book.has_live_agent("node-2", kNow));
  EXPECT_FALSE(book.has_live_agent("node-1", kNow + std::chrono::hours{1}));
  EXPECT_FALSE(book.is_revoked("aa"));
  book.revoke("aa");
  EXPECT_TRUE(book.is_revoked("aa"));
  EXPECT_FALSE(book.has_live_agent("node-1", kNow));
  book.forget("aa");
  EXPECT_FALSE(book.find("aa").has_value());
  book.add(row);
  book.prune(kNow + std::chrono::hours{2});
  EXPECT_FALSE(book.find("aa").has_value());
}

}  // namespace
}  // namespace assay::collector
