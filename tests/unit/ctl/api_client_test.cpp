// SPDX-License-Identifier: Apache-2.0
// The real client against a real TLS server on loopback.
#include "ctl/api_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

#include "common/base/file.h"
#include "common/crypto/identity.h"
#include "common/net/https_server.h"
#include "tests/support/temp_dir.h"
#include "tests/unit/ctl/fake_shell.h"

namespace assay::ctl::test {
namespace {

using ::testing::HasSubstr;

const std::string kSecret(64, '5');

class ApiClientTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const WallTime now = SystemClock().now().wall;
    authority_.emplace(crypto::Authority::open_or_create(folder_ / "ca", now).value());
    const crypto::Identity identity = authority_->issue_server("collector", {"127.0.0.1"}, now, std::chrono::hours{1}).value();
    net::ServerOptions options;
    options.certificate_pem = identity.certificate_pem + authority_->certificate_pem();
    options.key_pem = identity.key_pem;
    options.client_ca_pem = authority_->certificate_pem();
    const auto answer = [this](const net::Request& request, const net::Responder& respond) {
      authorization_ = request.authorization;
      peer_ = request.peer ? request.peer->name : "";
      respond({status_, "application/json", body_, {}});
    };
    server_ = net::HttpsServer::start(options, answer, {}).value();
    settings_.collector_url = fmt::format("https://127.0.0.1:{}", server_->port());
    settings_.token = "assay1.v.0a1b2c3d4e5f." + kSecret + "." + authority_->fingerprint();
    settings_.timeout = std::chrono::seconds{10};
  }

  assay::test::TempDir folder_;
  std::optional<crypto::Authority> authority_;
  int status_ = 200;
  std::string body_ = R"({"ok":true})";
  std::string authorization_;
  std::string peer_;
  std::unique_ptr<net::HttpsServer> server_;
  Settings settings_;
};

TEST_F(ApiClientTest, PinsTheFingerprintOfTheTokenAndShowsIt) {
  const auto api = make_api(settings_).value();
  EXPECT_EQ(api->get("/v1/status").value(), R"({"ok":true})");
  EXPECT_EQ(authorization_, "Bearer " + settings_.token);
}

TEST_F(ApiClientTest, RefusesACollectorOfAnotherFingerprint) {
  settings_.token = "assay1.v.0a1b2c3d4e5f." + kSecret + "." + std::string(64, 'a');
  const auto answer = make_api(settings_).value()->get("/v1/status");
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code, ErrorCode::kPermission);
  EXPECT_EQ(authorization_, "");   // the secret never left
}

TEST_F(ApiClientTest, TrustsAGivenCa) {
  ASSERT_TRUE(write_file_atomic(folder_ / "ca.pem", authority_->certificate_pem()).ok());
  settings_.ca_file = (folder_ / "ca.pem").string();
  settings_.token = "any text at all";
  EXPECT_TRUE(make_api(settings_).value()->get("/v1/status").ok());
}

TEST_F(ApiClientTest, ShowsAClientCertificate) {
  const WallTime now = SystemClock().now().wall;
  const crypto::SigningRequest request = crypto::make_request("alice").value();
  const std::string certificate = authority_->issue(request.csr_pem, "alice", "operator", now, std::chrono::hours{1}).value();
  ASSERT_TRUE(write_file_atomic(folder_ / "ca.pem", authority_->certificate_pem()).ok());
  ASSERT_TRUE(write_file_atomic(folder_ / "alice.pem", certificate).ok());
  ASSERT_TRUE(write_file_atomic(folder_ / "alice.key", request.key_pem).ok());
  settings_.token.clear();
  settings_.certificate_file = (folder_ / "alice.pem").string();
  settings_.key_file = (folder_ / "alice.key").string();
  EXPECT_EQ(make_api(settings_).error().code, ErrorCode::kInvalid);   // whom to trust?
  settings_.ca_file = (folder_ / "ca.pem").string();
  EXPECT_TRUE(make_api(settings_).value()->get("/v1/status").ok());
  EXPECT_EQ(peer_, "alice");
}

TEST_F(ApiClientTest, SaysThatNobodyListens) {
  server_->stop(Duration::zero());
  const auto answer = make_api(settings_).value()->get("/v1/status");
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(answer.error().message, HasSubstr("cannot reach " + settings_.collector_url));
  EXPECT_THAT(answer.error().message, HasSubstr("is assay-collector running?"));
}

TEST_F(ApiClientTest, TurnsStatusesIntoErrorsWithTheServersWords) {
  body_ = R"({"error":{"code":"x","message":"the server's words"}})";
  const std::vector<std::pair<int, ErrorCode>> table = {{400, ErrorCode::kInvalid},     {401, ErrorCode::kPermission}, {403, ErrorCode::kPermission},
                                                        {404, ErrorCode::kNotFound},    {409, ErrorCode::kConflict},   {413, ErrorCode::kInvalid},
                                                        {429, ErrorCode::kUnavailable}, {500, ErrorCode::kUnavailable}, {503, ErrorCode::kUnavailable}};
  const auto api = make_api(settings_).value();
  for (const auto& [status, code] : table) {
    status_ = status;
    const auto answer = api->get("/v1/status");
    ASSERT_FALSE(answer.ok());
    EXPECT_EQ(answer.error().code, code) << status;
    EXPECT_THAT(answer.error().message, HasSubstr("the server's words"));
  }
}

TEST_F(ApiClientTest, AWholeCommandLineOverTls) {
  FakeShell fake;
  fake.shell.connect = make_api;
  fake.shell.environment["ASSAY_TOKEN"] = settings_.token;
  body_ = R"({"findings":0,"nodes":{"total":1,"silent":0},"runs":{"match":5,"mismatch":0}})";
  EXPECT_EQ(fake.run({"status", "--collector", settings_.collector_url}), 0);
  EXPECT_THAT(fake.console.written, HasSubstr("no findings"));
}

TEST(Token, EndsInAFingerprint) {
  EXPECT_EQ(fingerprint_of_token("assay1.v.id.secret." + std::string(64, 'a')).value(), std::string(64, 'a'));
  for (const std::string& text : {std::string("assay1.v.id.secret"), "assay2.v.id.secret." + std::string(64, 'a'), "assay1.v.id.secret." + std::string(63, 'a'),
                                  "assay1.v.id.secret." + std::string(64, 'G'), std::string()}) {
    EXPECT_FALSE(fingerprint_of_token(text).ok()) << text;
  }
}

}  // namespace
}  // namespace assay::ctl::test
