// SPDX-License-Identifier: Apache-2.0
// Who is let in, who is not, and with which words.
#include <atomic>

#include "tests/unit/net/loopback.h"
#include "tests/unit/net/raw_tls.h"

namespace assay::net::test {
namespace {

void who(const Request& request, const Responder& respond) {
  Response response;
  response.body =
      request.peer ? fmt::format("{}|{}|{}", request.peer->name, request.peer->role, request.peer->serial) : "nobody";
  respond(std::move(response));
}

Error refused(const Installation& site, const HttpsServer& server, const crypto::Identity& identity) {
  ClientOptions options = site.client_options(server);
  options.identity = identity;
  HttpsClient caller = client(options);
  const auto answer = caller.call(post("/x", std::string(200'000, 'x')));
  EXPECT_FALSE(answer.ok()) << "was let in";
  return answer.ok() ? Error{} : answer.error();
}

TEST(Peers, NameRoleAndSerialReachTheHandler) {
  const Installation site;
  const auto server = start(site.server_options(), who);
  ClientOptions options = site.client_options(*server);
  options.identity = site.person("node-1", "agent");
  HttpsClient caller = client(options);
  const auto answer = caller.call({});
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  EXPECT_EQ(answer->body, "node-1|agent|" + crypto::read_certificate(options.identity->certificate_pem)->serial);
}

TEST(Peers, NoCertificateIsNobody) {
  const Installation site;
  const auto server = start(site.server_options(), who);
  HttpsClient caller = client(site.client_options(*server));
  EXPECT_EQ(caller.call({})->body, "nobody");
}

TEST(Peers, CertificateOfAnotherCaIsRefused) {
  const Installation site;
  const Installation other;
  const auto server = start(site.server_options(), who);
  const Error error = refused(site, *server, other.person("node-1", "agent"));
  EXPECT_EQ(error.code, ErrorCode::kPermission);
  EXPECT_NE(error.message.find("the server refused our certificate"), std::string::npos) << error.message;
  EXPECT_TRUE(eventually([&] { return server->counters().handshakes_failed == 1; }));
  EXPECT_EQ(server->counters().requests, 0U);
}

TEST(Peers, ExpiredCertificateIsRefused) {
  const Installation site;
  const auto server = start(site.server_options(), who);
  const Error error = refused(site, *server, site.person("node-1", "agent", wall_now() - hours(48), hours(24)));
  EXPECT_EQ(error.code, ErrorCode::kPermission);
  EXPECT_NE(error.message.find("certificate expired"), std::string::npos) << error.message;
}

TEST(Peers, ServerCertificateIsNoClientCertificate) {
  const Installation site;
  const auto server = start(site.server_options(), who);
  EXPECT_EQ(refused(site, *server, site.server()).code, ErrorCode::kPermission);
}

TEST(Peers, ClientCertificateIsNoServerCertificate) {
  const Installation site;
  ServerOptions options = site.server_options();
  const crypto::Identity agent = site.person("127.0.0.1", "agent");
  options.certificate_pem = agent.certificate_pem;
  options.key_pem = agent.key_pem;
  const auto server = start(options, who);
  HttpsClient caller = client(site.client_options(*server));
  const auto answer = caller.call({});
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code, ErrorCode::kPermission);
}

TEST(Peers, RevokedIsRefusedInTheHandshake) {
  const Installation site;
  const auto server = start(site.server_options(), who, [](const PeerIdentity& peer) { return peer.name != "node-1"; });
  const Error error = refused(site, *server, site.person("node-1", "agent"));
  EXPECT_EQ(error.code, ErrorCode::kPermission);
  EXPECT_NE(error.message.find("certificate revoked"), std::string::npos) << error.message;
  ClientOptions options = site.client_options(*server);
  options.identity = site.person("node-2", "agent");
  HttpsClient other = client(options);
  EXPECT_TRUE(other.call({}).ok());
}

TEST(Peers, RevokedMeanwhileIsRefusedOnALivingConnection) {
  const Installation site;
  std::atomic<bool> welcome{true};
  const auto server = start(site.server_options(), who, [&](const PeerIdentity&) { return welcome.load(); });
  ClientOptions options = site.client_options(*server);
  options.identity = site.person("node-1", "agent");
  HttpsClient caller = client(options);
  ASSERT_EQ(caller.call({})->status, 200);
  welcome = false;
  const auto answer = caller.call({});
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  EXPECT_EQ(answer->status, 401);
  EXPECT_EQ(server->counters().requests, 1U);
  EXPECT_TRUE(eventually([&] { return server->counters().connections_open == 0; }));
}

TEST(Peers, CertificateThatEndsMeanwhileIsRefusedOnALivingConnection) {
  const Installation site;
  const auto server = start(site.server_options(), who);
  ClientOptions options = site.client_options(*server);
  options.identity = site.person("node-1", "agent", wall_now(), seconds(2));
  HttpsClient caller = client(options);
  ASSERT_EQ(caller.call({})->status, 200);
  EXPECT_TRUE(eventually([&] {
    const auto answer = caller.call({});
    return answer.ok() && answer->status == 401;
  }));
}

TEST(Peers, ResumedConnectionKeepsItsIdentityAndItsRevocation) {
  const Installation site;
  std::atomic<bool> welcome{true};
  const auto server = start(site.server_options(), who, [&](const PeerIdentity&) { return welcome.load(); });
  const crypto::Identity identity = site.person("node-1", "agent");
  RawTls first(server->port(), identity);
  ASSERT_TRUE(first.connected());
  ASSERT_TRUE(first.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n"));
  ASSERT_NE(first.receive("node-1").find("node-1|agent"), std::string::npos);
  RawTls second(server->port(), identity, &first);
  ASSERT_TRUE(second.connected());
  EXPECT_TRUE(second.resumed());
  ASSERT_TRUE(second.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n"));
  EXPECT_NE(second.receive("node-1").find("node-1|agent"), std::string::npos);
  welcome = false;
  RawTls third(server->port(), identity, &second);
  ASSERT_TRUE(third.connected());
  ASSERT_TRUE(third.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n"));
  EXPECT_NE(third.receive().find("401"), std::string::npos);
}

TEST(Trust, ServerOfAnotherCaIsNotTrusted) {
  const Installation site;
  const Installation other;
  const auto server = start(other.server_options(), who);
  HttpsClient caller = client(site.client_options(*server));
  const auto answer = caller.call({});
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code, ErrorCode::kPermission);
  EXPECT_NE(answer.error().message.find("the server is not trusted"), std::string::npos) << answer.error().message;
}

TEST(Trust, NameOfTheServerMustMatch) {
  const Installation site;
  ServerOptions options = site.server_options();
  const crypto::Identity elsewhere = site.server({"elsewhere.example", "10.0.0.1"});
  options.certificate_pem = elsewhere.certificate_pem;
  options.key_pem = elsewhere.key_pem;
  const auto server = start(options, who);
  for (const char* host : {"127.0.0.1", "localhost"}) {
    ClientOptions asking = site.client_options(*server);
    asking.url = fmt::format("https://{}:{}", host, server->port());
    HttpsClient caller = client(asking);
    const auto answer = caller.call({});
    ASSERT_FALSE(answer.ok());
    EXPECT_EQ(answer.error().code, ErrorCode::kPermission);
    EXPECT_NE(answer.error().message.find("mismatch"), std::string::npos) << answer.error().message;
  }
}

TEST(Trust, ExpiredServerIsNotTrusted) {
  const Installation site;
  ServerOptions options = site.server_options();
  const crypto::Identity old = site.server({"127.0.0.1"}, wall_now() - hours(48));
  options.certificate_pem = old.certificate_pem;
  options.key_pem = old.key_pem;
  const auto server = start(options, who);
  HttpsClient caller = client(site.client_options(*server));
  const auto answer = caller.call({});
  ASSERT_FALSE(answer.ok());
  EXPECT_NE(answer.error().message.find("expired"), std::string::npos) << answer.error().message;
}

TEST(Trust, NewcomerPinsTheCaByItsFingerprint) {
  const Installation site;
  const auto server = start(site.server_options(), who);
  ClientOptions options = site.client_options(*server);
  options.ca_pem.clear();
  options.ca_fingerprint = site.authority().fingerprint();
  HttpsClient caller = client(options);
  const auto answer = caller.call({});
  ASSERT_TRUE(answer.ok()) << answer.error().message;

  options.ca_fingerprint = Installation().authority().fingerprint();
  HttpsClient deceived = client(options);
  const auto refusal = deceived.call({});
  ASSERT_FALSE(refusal.ok());
  EXPECT_EQ(refusal.error().code, ErrorCode::kPermission);
  EXPECT_NE(refusal.error().message.find("fingerprint"), std::string::npos) << refusal.error().message;
}

// Somebody who presents the right CA certificate behind a leaf that this CA never signed.
TEST(Trust, PinnedRootMustHaveSignedTheLeaf) {
  const Installation site;
  const Installation other;
  ServerOptions options = other.server_options();
  options.certificate_pem = other.server().certificate_pem;
  const crypto::Identity theirs = other.server();
  options.certificate_pem = theirs.certificate_pem + site.authority().certificate_pem();
  options.key_pem = theirs.key_pem;
  const auto server = start(options, who);
  ClientOptions asking = site.client_options(*server);
  asking.ca_pem.clear();
  asking.ca_fingerprint = site.authority().fingerprint();
  HttpsClient caller = client(asking);
  const auto answer = caller.call({});
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code, ErrorCode::kPermission);
}

TEST(Trust, PinnedRootDoesNotExcuseAWrongName) {
  const Installation site;
  ServerOptions options = site.server_options();
  const crypto::Identity elsewhere = site.server({"elsewhere.example"});
  options.certificate_pem = elsewhere.certificate_pem + site.authority().certificate_pem();
  options.key_pem = elsewhere.key_pem;
  const auto server = start(options, who);
  ClientOptions asking = site.client_options(*server);
  asking.ca_pem.clear();
  asking.ca_fingerprint = site.authority().fingerprint();
  HttpsClient caller = client(asking);
  EXPECT_EQ(caller.call({}).error().code, ErrorCode::kPermission);
}

}  // namespace
}  // namespace assay::net::test
