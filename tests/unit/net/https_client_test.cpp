// SPDX-License-Identifier: Apache-2.0
// The client against servers that vanish, stall, or are not what they should be.
#include "common/net/https_client.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/unit/net/loopback.h"
#include "tests/unit/net/raw_tls.h"

namespace assay::net::test {
namespace {

TEST(HttpsClient, RefusesBadOptions) {
  const Installation site;
  ClientOptions options;
  options.url = "http://collector:9480";
  options.ca_pem = site.authority().certificate_pem();
  EXPECT_EQ(HttpsClient::make(options).error().code, ErrorCode::kInvalid);
  options.url = "https://collector:9480";
  options.ca_pem = "rubbish";
  EXPECT_NE(HttpsClient::make(options).error().message.find("CA of the server"), std::string::npos);
  options.ca_pem.clear();
  EXPECT_EQ(HttpsClient::make(options).error().code, ErrorCode::kInvalid);
  options.ca_fingerprint = "abc";
  EXPECT_EQ(HttpsClient::make(options).error().code, ErrorCode::kInvalid);
  options.ca_fingerprint = site.authority().fingerprint();
  EXPECT_TRUE(HttpsClient::make(options).ok());
  options.identity = site.person("n", "agent");
  options.identity->key_pem = site.person("m", "agent").key_pem;
  EXPECT_NE(HttpsClient::make(options).error().message.find("client certificate"), std::string::npos);
}

TEST(HttpsClient, RefusesBadCalls) {
  const Installation site;
  const auto server = start(site.server_options());
  HttpsClient caller = client(site.client_options(*server));
  CallOptions call;
  for (const char* target : {"", "x", "/a b", "/a\r\nHost: evil"}) {
    call.target = target;
    EXPECT_EQ(caller.call(call).error().code, ErrorCode::kInvalid) << target;
  }
  call = {};
  call.method = "GET / HTTP/1.1\r\n";
  EXPECT_EQ(caller.call(call).error().code, ErrorCode::kInvalid);
  call = {};
  call.authorization = "Bearer a\r\nX: y";
  EXPECT_EQ(caller.call(call).error().code, ErrorCode::kInvalid);
  EXPECT_EQ(server->counters().connections_accepted, 0U);
}

TEST(HttpsClient, NobodyListensIsUnavailable) {
  const Installation site;
  auto server = start(site.server_options());
  const ClientOptions options = site.client_options(*server);
  server.reset();
  HttpsClient caller = client(options);
  const auto answer = caller.call({});
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code, ErrorCode::kUnavailable);
  EXPECT_NE(answer.error().message.find(options.url), std::string::npos);
}

TEST(HttpsClient, UnknownHostIsUnavailable) {
  const Installation site;
  ClientOptions options;
  options.url = "https://no-such-host.invalid:9480";
  options.ca_pem = site.authority().certificate_pem();
  options.timeout = seconds(5);
  HttpsClient caller = client(options);
  const auto answer = caller.call({});
  ASSERT_FALSE(answer.ok());
  EXPECT_TRUE(answer.error().code == ErrorCode::kUnavailable || answer.error().code == ErrorCode::kTimeout)
      << answer.error().message;
}

TEST(HttpsClient, NamesAreLookedUp) {
  const Installation site;
  const auto server = start(site.server_options());
  ClientOptions options = site.client_options(*server);
  options.url = fmt::format("https://localhost:{}", server->port());
  HttpsClient caller = client(options);
  const auto answer = caller.call({});
  ASSERT_TRUE(answer.ok()) << answer.error().message;
}

TEST(HttpsClient, OneTimeoutCoversTheWholeCall) {
  const Installation site;
  Responder kept;
  const auto server =
      start(site.server_options(), [&](const Request&, Responder respond) { kept = std::move(respond); });
  ClientOptions options = site.client_options(*server);
  options.timeout = milliseconds(300);
  HttpsClient caller = client(options);
  const auto begin = std::chrono::steady_clock::now();
  const auto answer = caller.call({});
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code, ErrorCode::kTimeout) << answer.error().message;
  EXPECT_LT(std::chrono::steady_clock::now() - begin, seconds(3));
}

TEST(HttpsClient, SilentServerIsATimeout) {
  const Installation site;
  const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  ASSERT_GE(listener, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ASSERT_EQ(::bind(listener, reinterpret_cast<const sockaddr*>(&address), size), 0);
  ASSERT_EQ(::listen(listener, 4), 0);
  ASSERT_EQ(::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size), 0);
  ClientOptions options;
  options.url = fmt::format("https://127.0.0.1:{}", ntohs(address.sin_port));
  options.ca_pem = site.authority().certificate_pem();
  options.timeout = milliseconds(200);
  HttpsClient caller = client(options);
  EXPECT_EQ(caller.call({}).error().code, ErrorCode::kTimeout);
  EXPECT_EQ(caller.call({}).error().code, ErrorCode::kTimeout);
  ::close(listener);
}

TEST(HttpsClient, RestartedServerIsMetOnANewConnection) {
  const Installation site;
  ServerOptions options = site.server_options();
  auto server = start(options);
  options.port = server->port();
  HttpsClient caller = client(site.client_options(*server));
  ASSERT_TRUE(caller.call(post("/", "1")).ok());
  server->stop(seconds(1));
  server.reset();
  server = start(options);
  const auto answer = caller.call(post("/", "2"));
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  EXPECT_EQ(answer->body, "POST / 2");
  EXPECT_EQ(server->counters().connections_accepted, 1U);
}

TEST(HttpsClient, ConnectionClosedForIdlenessIsReplacedQuietly) {
  const Installation site;
  ServerOptions options = site.server_options();
  options.limits.idle_time = milliseconds(100);
  const auto server = start(options);
  HttpsClient caller = client(site.client_options(*server));
  ASSERT_TRUE(caller.call({}).ok());
  ASSERT_TRUE(eventually([&] { return server->counters().connections_open == 0; }));
  EXPECT_TRUE(caller.call({}).ok());
  EXPECT_EQ(server->counters().connections_accepted, 2U);
}

TEST(HttpsClient, DisconnectOpensANewConnection) {
  const Installation site;
  const auto server = start(site.server_options());
  HttpsClient caller = client(site.client_options(*server));
  ASSERT_TRUE(caller.call({}).ok());
  caller.disconnect();
  ASSERT_TRUE(caller.call({}).ok());
  EXPECT_EQ(server->counters().connections_accepted, 2U);
  EXPECT_EQ(server->counters().handshakes_failed, 0U);
}

TEST(HttpsClient, ReplyOverTheLimitIsRefused) {
  const Installation site;
  const auto server = start(site.server_options(), [](const Request&, const Responder& respond) {
    Response response;
    response.body = std::string(100'000, 'x');
    respond(std::move(response));
  });
  ClientOptions options = site.client_options(*server);
  options.reply_bytes = 99'999;
  HttpsClient caller = client(options);
  EXPECT_EQ(caller.call({}).error().code, ErrorCode::kLimit);
  options.reply_bytes = 100'000;
  HttpsClient patient = client(options);
  EXPECT_EQ(patient.call({})->body.size(), 100'000U);
}

TEST(HttpsClient, LargeRepliesArriveWhole) {
  const Installation site;
  const std::string body(5'000'000, 'z');
  const auto server = start(site.server_options(), [&](const Request&, const Responder& respond) {
    Response response;
    response.body = body;
    respond(std::move(response));
  });
  HttpsClient caller = client(site.client_options(*server));
  for (int i = 0; i < 3; ++i) EXPECT_EQ(caller.call({})->body, body);
}

TEST(HttpsClient, CanBeMoved) {
  const Installation site;
  const auto server = start(site.server_options());
  HttpsClient first = client(site.client_options(*server));
  ASSERT_TRUE(first.call({}).ok());
  HttpsClient second = std::move(first);
  ASSERT_TRUE(second.call({}).ok());
  EXPECT_EQ(server->counters().connections_accepted, 1U);
}

}  // namespace
}  // namespace assay::net::test
