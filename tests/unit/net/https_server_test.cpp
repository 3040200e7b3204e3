// SPDX-License-Identifier: Apache-2.0
// What a server does for well-behaved clients, and how it starts and ends.
#include "common/net/https_server.h"

#include <unistd.h>

#include <atomic>
#include <condition_variable>
#include <future>

#include "tests/unit/net/loopback.h"
#include "tests/unit/net/raw_tls.h"

namespace assay::net::test {
namespace {

// Keeps responders for the test to answer when it likes.
class Held {
 public:
  Handler handler() {
    return [this](const Request&, Responder respond) {
      const std::lock_guard lock(mutex_);
      held_.push_back(std::move(respond));
      came_.notify_all();
    };
  }
  bool wait(size_t count) {
    std::unique_lock lock(mutex_);
    return came_.wait_for(lock, seconds(5), [&] { return held_.size() >= count; });
  }
  Responder take() {
    const std::lock_guard lock(mutex_);
    Responder last = std::move(held_.back());
    held_.pop_back();
    return last;
  }

 private:
  std::mutex mutex_;
  std::condition_variable came_;
  std::vector<Responder> held_;
};

Response text(std::string body) {
  Response response;
  response.body = std::move(body);
  return response;
}

TEST(HttpsServer, HandsOverTheWholeRequest) {
  const Installation site;
  Request seen;
  const auto server = start(site.server_options(), [&](Request request, const Responder& respond) {
    seen = std::move(request);
    respond(text("ok"));
  });
  HttpsClient caller = client(site.client_options(*server));
  CallOptions call = post("/v1/report?a=%20b", std::string(100'000, 'x'));
  call.content_type = "application/x-protobuf";
  call.authorization = "Bearer t";
  const auto answer = caller.call(call);
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  EXPECT_EQ(seen.method, "POST");
  EXPECT_EQ(seen.path, "/v1/report");
  EXPECT_EQ(seen.query.at("a"), " b");
  EXPECT_EQ(seen.content_type, "application/x-protobuf");
  EXPECT_EQ(seen.authorization, "Bearer t");
  EXPECT_EQ(seen.body, call.body);
  EXPECT_EQ(seen.remote_address, "127.0.0.1");
  EXPECT_FALSE(seen.peer.has_value());
}

TEST(HttpsServer, AnswersWithStatusTypeAndHeaders) {
  const Installation site;
  const auto server = start(site.server_options(), [](const Request&, const Responder& respond) {
    Response response = text("no such thing");
    response.status = 404;
    response.content_type = "text/plain";
    response.headers = {{"X-Extra", "1"}, {"Evil", "a\r\nInjected: yes"}, {"bad name", "x"}};
    respond(std::move(response));
  });
  HttpsClient caller = client(site.client_options(*server));
  const auto answer = caller.call({});
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  EXPECT_EQ(answer->status, 404);
  EXPECT_EQ(answer->content_type, "text/plain");
  EXPECT_EQ(answer->body, "no such thing");
  EXPECT_EQ(answer->headers.at("X-Extra"), "1");
  EXPECT_EQ(answer->headers.count("Injected") + answer->headers.count("Evil") + answer->headers.count("bad name"), 0U);
}

TEST(HttpsServer, KeepsConnectionsAlive) {
  const Installation site;
  const auto server = start(site.server_options());
  HttpsClient caller = client(site.client_options(*server));
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(caller.call(post("/x", "y")).ok());
  EXPECT_EQ(server->counters().connections_accepted, 1U);
  EXPECT_EQ(server->counters().requests, 20U);
}

TEST(HttpsServer, HeadAnswersWithoutBodyAndKeepsTheConnection) {
  const Installation site;
  const auto server = start(site.server_options());
  HttpsClient caller = client(site.client_options(*server));
  CallOptions head;
  head.method = "HEAD";
  const auto answer = caller.call(head);
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  EXPECT_EQ(answer->body, "");
  EXPECT_EQ(answer->headers.at("Content-Length"), "7");  // "HEAD / "
  ASSERT_TRUE(caller.call({}).ok());
  EXPECT_EQ(server->counters().connections_accepted, 1U);
}

TEST(HttpsServer, OptionsAndUnknownMethodsReachTheHandler) {
  const Installation site;
  const auto server = start(site.server_options());
  RawTls raw(server->port());
  ASSERT_TRUE(raw.send("OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n"));
  EXPECT_NE(raw.receive("OPTIONS * ").find("200 OK"), std::string::npos);
  ASSERT_TRUE(raw.send("BREW /pot HTTP/1.1\r\nHost: h\r\n\r\n"));
  EXPECT_NE(raw.receive("BREW /pot ").find("200 OK"), std::string::npos);
}

TEST(HttpsServer, TakesChunkedBodies) {
  const Installation site;
  const auto server = start(site.server_options());
  RawTls raw(server->port());
  ASSERT_TRUE(
      raw.send("POST /c HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n4\r\ndefg\r\n0\r\n\r\n"));
  EXPECT_NE(raw.receive("abcdefg").find("POST /c abcdefg"), std::string::npos);
}

TEST(HttpsServer, InvitesABodyThatWaits) {
  const Installation site;
  const auto server = start(site.server_options());
  RawTls raw(server->port());
  ASSERT_TRUE(raw.send("POST /c HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n"));
  EXPECT_EQ(raw.receive("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  ASSERT_TRUE(raw.send("abc"));
  EXPECT_NE(raw.receive("POST /c abc").find("200 OK"), std::string::npos);
}

TEST(HttpsServer, AnswersPipelinedRequestsInOrder) {
  const Installation site;
  const auto server = start(site.server_options());
  RawTls raw(server->port());
  ASSERT_TRUE(
      raw.send("GET /1 HTTP/1.1\r\nHost: h\r\n\r\nGET /2 HTTP/1.1\r\nHost: h\r\n\r\nGET /3 HTTP/1.1\r\nHost: "
               "h\r\nConnection: close\r\n\r\n"));
  const std::string all = raw.receive();
  EXPECT_TRUE(raw.closed());
  EXPECT_LT(all.find("GET /1 "), all.find("GET /2 "));
  EXPECT_LT(all.find("GET /2 "), all.find("GET /3 "));
  EXPECT_NE(all.find("GET /3 "), std::string::npos);
}

TEST(HttpsServer, ServesHttp10AndCloses) {
  const Installation site;
  const auto server = start(site.server_options());
  RawTls raw(server->port());
  ASSERT_TRUE(raw.send("GET /old HTTP/1.0\r\n\r\n"));
  EXPECT_NE(raw.receive().find("GET /old "), std::string::npos);
  EXPECT_TRUE(raw.closed());
}

TEST(HttpsServer, AnswersLaterFromAnotherThreadAndOnlyOnce) {
  const Installation site;
  Held held;
  const auto server = start(site.server_options(), held.handler());
  HttpsClient caller = client(site.client_options(*server));
  auto answer = std::async(std::launch::async, [&] { return caller.call({}); });
  ASSERT_TRUE(held.wait(1));
  const Responder respond = held.take();
  respond(text("first"));
  respond(text("second"));
  EXPECT_EQ(answer.get()->body, "first");
  auto next = std::async(std::launch::async, [&] { return caller.call({}); });
  ASSERT_TRUE(held.wait(1));
  respond(text("third"));  // of the request before: must not answer this one
  held.take()(text("right"));
  EXPECT_EQ(next.get()->body, "right");
}

TEST(HttpsServer, DroppedResponderMakesA500) {
  const Installation site;
  const auto server = start(site.server_options(), [](const Request&, const Responder&) {});
  HttpsClient caller = client(site.client_options(*server));
  EXPECT_EQ(caller.call({})->status, 500);
  EXPECT_EQ(caller.call({})->status, 500);
}

TEST(HttpsServer, AnswerAfterTheClientHasGoneIsDropped) {
  const Installation site;
  Held held;
  const auto server = start(site.server_options(), held.handler());
  {
    RawTls raw(server->port());
    ASSERT_TRUE(raw.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n"));
    ASSERT_TRUE(held.wait(1));
  }
  held.take()(text(std::string(1'000'000, 'x')));
  EXPECT_TRUE(eventually([&] { return server->counters().connections_open == 0; }));
}

TEST(HttpsServer, AnswerAfterTheServerHasGoneIsDropped) {
  const Installation site;
  Held held;
  auto server = start(site.server_options(), held.handler());
  RawTls raw(server->port());
  ASSERT_TRUE(raw.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n"));
  ASSERT_TRUE(held.wait(1));
  server.reset();
  held.take()(text("too late"));
  EXPECT_EQ(raw.receive(), "");
  EXPECT_TRUE(raw.closed());
}

// TLS records hold 16 KiB and Asio writes 64 KiB at a time: nothing may get stuck around those.
TEST(HttpsServer, BodiesOfEverySizePassBothWays) {
  const Installation site;
  const auto server = start(site.server_options(),
                            [](Request request, const Responder& respond) { respond(text(std::move(request.body))); });
  ClientOptions options = site.client_options(*server);
  options.timeout = seconds(5);
  HttpsClient caller = client(options);
  for (const size_t size :
       {0U, 1U, 16'200U, 16'383U, 16'384U, 16'385U, 20'000U, 65'400U, 65'536U, 65'537U, 131'072U, 1'000'000U}) {
    const std::string body(size, 'b');
    const auto answer = caller.call(post("/", body));
    ASSERT_TRUE(answer.ok()) << size << ": " << answer.error().message;
    EXPECT_TRUE(answer->body == body) << size;
  }
  EXPECT_EQ(server->counters().connections_accepted, 1U);
}

TEST(HttpsServer, ManyThreadsManyRequests) {
  const Installation site;
  ServerOptions options = site.server_options();
  options.threads = 2;
  const auto server = start(options);
  std::atomic<int> right{0};
  std::vector<std::thread> callers;
  for (int t = 0; t < 8; ++t) {
    callers.emplace_back([&, t] {
      HttpsClient caller = client(site.client_options(*server));
      for (int i = 0; i < 200; ++i) {
        const std::string body = fmt::format("{}-{}", t, i);
        const auto answer = caller.call(post("/x", body));
        if (answer.ok() && answer->body == "POST /x " + body) right.fetch_add(1);
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(right.load(), 1600);
  EXPECT_EQ(server->counters().connections_accepted, 8U);
  EXPECT_EQ(server->counters().requests, 1600U);
}

TEST(HttpsServerStop, LetsTheRequestInProgressBeAnswered) {
  const Installation site;
  Held held;
  const auto server = start(site.server_options(), held.handler());
  HttpsClient caller = client(site.client_options(*server));
  auto answer = std::async(std::launch::async, [&] { return caller.call({}); });
  ASSERT_TRUE(held.wait(1));
  auto stopped = std::async(std::launch::async, [&] { server->stop(seconds(5)); });
  ASSERT_TRUE(eventually([&] {
    const int fd = raw_tcp(server->port());
    if (fd >= 0) ::close(fd);
    return fd < 0;
  })) << "still accepting";
  held.take()(text("finished"));
  const auto got = answer.get();
  ASSERT_TRUE(got.ok()) << got.error().message;
  EXPECT_EQ(got->body, "finished");
  EXPECT_EQ(stopped.wait_for(seconds(4)), std::future_status::ready);
}

TEST(HttpsServerStop, IsBoundedWhenNobodyAnswers) {
  const Installation site;
  Held held;
  const auto server = start(site.server_options(), held.handler());
  RawTls raw(server->port());
  ASSERT_TRUE(raw.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n"));
  ASSERT_TRUE(held.wait(1));
  const auto begin = std::chrono::steady_clock::now();
  server->stop(milliseconds(200));
  const auto took = std::chrono::steady_clock::now() - begin;
  EXPECT_GE(took, milliseconds(190));
  EXPECT_LT(took, seconds(2));
}

TEST(HttpsServerStop, IdleConnectionsDoNotHoldItUp) {
  const Installation site;
  const auto server = start(site.server_options());
  HttpsClient caller = client(site.client_options(*server));
  ASSERT_TRUE(caller.call({}).ok());
  const int silent = raw_tcp(server->port());  // never begins its handshake
  ASSERT_TRUE(eventually([&] { return server->counters().connections_open == 2; }));
  const auto begin = std::chrono::steady_clock::now();
  server->stop(seconds(10));
  server->stop(seconds(10));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, seconds(2));
  ::close(silent);
}

TEST(HttpsServerStart, SaysWhatIsWrong) {
  const Installation site;
  const auto server = start(site.server_options());
  ServerOptions options = site.server_options();
  options.port = server->port();
  const auto in_use = HttpsServer::start(options, echo, nullptr);
  ASSERT_FALSE(in_use.ok());
  EXPECT_EQ(in_use.error().code, ErrorCode::kConflict);
  EXPECT_EQ(in_use.error().message,
            fmt::format("127.0.0.1:{}: address already in use; stop the other process or set listen in collector.toml",
                        server->port()));
  options = site.server_options();
  options.address = "localhost";
  EXPECT_EQ(HttpsServer::start(options, echo, nullptr).error().code, ErrorCode::kInvalid);
  options.address = "192.0.2.1";
  EXPECT_EQ(HttpsServer::start(options, echo, nullptr).error().code, ErrorCode::kInvalid);
  options = site.server_options();
  options.threads = 0;
  EXPECT_EQ(HttpsServer::start(options, echo, nullptr).error().code, ErrorCode::kInvalid);
}

TEST(HttpsServerStart, RefusesUnusableCertificates) {
  const Installation site;
  ServerOptions options = site.server_options();
  options.key_pem = site.server().key_pem;
  const auto mixed = HttpsServer::start(options, echo, nullptr);
  ASSERT_FALSE(mixed.ok());
  EXPECT_NE(mixed.error().message.find("not that of the certificate"), std::string::npos) << mixed.error().message;
  options = site.server_options();
  options.client_ca_pem = "rubbish";
  EXPECT_NE(HttpsServer::start(options, echo, nullptr).error().message.find("CA for client certificates"),
            std::string::npos);
}

TEST(HttpsServer, ListensOnIpv6) {
  const Installation site;
  ServerOptions options = site.server_options();
  options.address = "::1";
  auto server = HttpsServer::start(options, echo, nullptr);
  if (!server.ok()) GTEST_SKIP() << "no IPv6 loopback here: " << server.error().message;
  ClientOptions asking = site.client_options(**server);
  asking.url = fmt::format("https://[::1]:{}", (*server)->port());
  HttpsClient caller = client(asking);
  const auto answer = caller.call({});
  ASSERT_TRUE(answer.ok()) << answer.error().message;
}

TEST(HttpsServer, NewCertificateServesNewConnectionsOnly) {
  const Installation site;
  const auto server = start(site.server_options());
  HttpsClient old_connection = client(site.client_options(*server));
  ASSERT_TRUE(old_connection.call({}).ok());
  const crypto::Identity elsewhere = site.server({"elsewhere.example"});
  ASSERT_TRUE(server->set_certificate(elsewhere.certificate_pem, elsewhere.key_pem).ok());
  EXPECT_TRUE(old_connection.call({}).ok());
  HttpsClient new_connection = client(site.client_options(*server));
  EXPECT_EQ(new_connection.call({}).error().code, ErrorCode::kPermission);
  EXPECT_FALSE(server->set_certificate(elsewhere.certificate_pem, "rubbish").ok());
  const crypto::Identity renewed = site.server();
  ASSERT_TRUE(server->set_certificate(renewed.certificate_pem, renewed.key_pem).ok());
  EXPECT_TRUE(new_connection.call({}).ok());
}

}  // namespace
}  // namespace assay::net::test
