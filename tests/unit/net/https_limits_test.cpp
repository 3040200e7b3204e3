// SPDX-License-Identifier: Apache-2.0
// Clients that send too much, too slowly, or nonsense.
#include <unistd.h>

#include "tests/unit/net/loopback.h"
#include "tests/unit/net/raw_tls.h"

namespace assay::net::test {
namespace {

ServerOptions tight(const Installation& site) {
  ServerOptions options = site.server_options();
  options.limits.header_bytes = 2048;
  options.limits.body_bytes = 10'000;
  options.limits.connections = 3;
  options.limits.handshake_time = milliseconds(300);
  options.limits.request_time = milliseconds(300);
  options.limits.answer_time = milliseconds(300);
  options.limits.idle_time = milliseconds(300);
  options.limits.linger_time = milliseconds(300);
  return options;
}

// Sends the bytes on a connection of its own; the status line of the answer, after which the server must close.
std::string status_of(const HttpsServer& server, const std::string& bytes) {
  RawTls raw(server.port());
  EXPECT_TRUE(raw.connected());
  raw.send(bytes);
  const std::string all = raw.receive();
  EXPECT_TRUE(raw.closed()) << bytes.substr(0, 100);
  return all.substr(0, all.find("\r\n"));
}

TEST(Limits, HeaderOverTheLimitIs431) {
  const Installation site;
  const auto server = start(tight(site));
  EXPECT_EQ(status_of(*server, "GET / HTTP/1.1\r\nHost: h\r\nX: " + std::string(4000, 'x') + "\r\n\r\n"),
            "HTTP/1.1 431 Request Header Fields Too Large");
  EXPECT_EQ(server->counters().requests_refused, 1U);
  EXPECT_EQ(server->counters().requests, 0U);
}

TEST(Limits, BodyOverTheLimitIs413) {
  const Installation site;
  const auto server = start(tight(site));
  const std::string body(10'001, 'x');
  EXPECT_EQ(status_of(*server, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10001\r\n\r\n" + body),
            "HTTP/1.1 413 Payload Too Large");
  EXPECT_EQ(status_of(*server, "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n2711\r\n" + body +
                                   "\r\n0\r\n\r\n"),
            "HTTP/1.1 413 Payload Too Large");
  EXPECT_EQ(
      status_of(*server, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999999999999999\r\n\r\n").substr(0, 10),
      "HTTP/1.1 4");
}

TEST(Limits, BodyAtTheLimitPasses) {
  const Installation site;
  const auto server = start(tight(site));
  HttpsClient caller = client(site.client_options(*server));
  EXPECT_EQ(caller.call(post("/", std::string(10'000, 'x')))->status, 200);
}

TEST(Limits, OurClientReadsTheRefusalOfAHugeBody) {
  const Installation site;
  ServerOptions options = tight(site);
  options.limits.linger_time = seconds(5);
  const auto server = start(options);
  HttpsClient caller = client(site.client_options(*server));
  const auto answer = caller.call(post("/", std::string(8'000'000, 'x')));
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  EXPECT_EQ(answer->status, 413);
  EXPECT_TRUE(caller.call(post("/", "small")).ok());
}

TEST(Limits, NonsenseIs400) {
  const Installation site;
  const auto server = start(tight(site));
  for (const char* bad :
       {"hello\r\n\r\n", "GET  / HTTP/1.1\r\nHost: h\r\n\r\n", "GET / HTTP/1.1\r\nHost h\r\n\r\n",
        "GET / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        "GET /%zz HTTP/1.1\r\nHost: h\r\n\r\n", "GET x HTTP/1.1\r\nHost: h\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: -1\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "\x16\x03\x01\x02"}) {
    EXPECT_EQ(status_of(*server, bad).substr(0, 12), "HTTP/1.1 400") << bad;
  }
}

TEST(Limits, AmbiguousLengthIsNeverGuessed) {
  const Installation site;
  const auto server = start(tight(site));
  EXPECT_EQ(status_of(*server,
                      "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")
                .substr(0, 10),
            "HTTP/1.1 4");
  EXPECT_EQ(status_of(*server, "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip\r\n\r\nabc").substr(0, 12),
            "HTTP/1.1 501");
}

TEST(Limits, OtherVersionsAndExpectationsAreRefused) {
  const Installation site;
  const auto server = start(tight(site));
  EXPECT_EQ(status_of(*server, "GET / HTTP/2.0\r\nHost: h\r\n\r\n").substr(0, 12), "HTTP/1.1 505");
  EXPECT_EQ(status_of(*server, "GET / HTTP/1.1\r\nHost: h\r\nExpect: a-miracle\r\n\r\n").substr(0, 12), "HTTP/1.1 417");
}

TEST(Limits, SlowRequestIs408) {
  const Installation site;
  const auto server = start(tight(site));
  EXPECT_EQ(status_of(*server, "GET / HTTP/1.1\r\nHo").substr(0, 12), "HTTP/1.1 408");
  EXPECT_EQ(status_of(*server, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nabc").substr(0, 12),
            "HTTP/1.1 408");
}

TEST(Limits, DrippingRequestIs408) {
  const Installation site;
  const auto server = start(tight(site));
  RawTls raw(server->port());
  ASSERT_TRUE(raw.send("GET / HTTP/1.1\r\n"));
  std::string answer;
  for (int i = 0; i < 40 && answer.empty(); ++i) {
    raw.send("X: y\r\n");
    answer = raw.receive("\r\n\r\n", 50);
  }
  EXPECT_EQ(answer.substr(0, 12), "HTTP/1.1 408");
}

TEST(Limits, IdleConnectionIsClosed) {
  const Installation site;
  const auto server = start(tight(site));
  RawTls raw(server->port());
  ASSERT_TRUE(raw.connected());
  EXPECT_EQ(raw.receive(), "");
  EXPECT_TRUE(raw.closed());
  EXPECT_TRUE(eventually([&] { return server->counters().connections_open == 0; }));
  EXPECT_EQ(server->counters().requests_refused, 0U);
}

TEST(Limits, SilentHandshakeIsClosed) {
  const Installation site;
  const auto server = start(tight(site));
  const int fd = raw_tcp(server->port());
  ASSERT_GE(fd, 0);
  EXPECT_TRUE(tcp_ended(fd, 5000));
  ::close(fd);
  EXPECT_TRUE(eventually([&] { return server->counters().handshakes_failed == 1; }));
}

TEST(Limits, WhatIsNotTlsIsClosedAndCounted) {
  const Installation site;
  const auto server = start(tight(site));
  const int fd = raw_tcp(server->port());
  ASSERT_EQ(::write(fd, "GET / HTTP/1.1\r\n\r\n", 18), 18);
  EXPECT_TRUE(eventually(
      [&] { return server->counters().handshakes_failed == 1 && server->counters().connections_open == 0; }));
  ::close(fd);
}

TEST(Limits, SlowHandlerIs503) {
  const Installation site;
  Responder kept;
  const auto server = start(tight(site), [&](const Request&, Responder respond) { kept = std::move(respond); });
  HttpsClient caller = client(site.client_options(*server));
  const auto answer = caller.call({});
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  EXPECT_EQ(answer->status, 503);
  kept(Response{});  // too late, and harmless
}

TEST(Limits, ConnectionsOverTheCapAreClosedAtTheDoor) {
  const Installation site;
  ServerOptions options = tight(site);
  options.limits.idle_time = seconds(30);
  const auto server = start(options);
  const RawTls one(server->port());
  const RawTls two(server->port());
  auto three = std::make_unique<RawTls>(server->port());
  ASSERT_TRUE(one.connected() && two.connected() && three->connected());
  const RawTls four(server->port());
  EXPECT_FALSE(four.connected());
  EXPECT_EQ(server->counters().connections_refused, 1U);
  EXPECT_EQ(server->counters().connections_open, 3U);
  three.reset();
  ASSERT_TRUE(eventually([&] { return server->counters().connections_open == 2; }));
  const RawTls five(server->port());
  EXPECT_TRUE(five.connected());
}

TEST(Limits, AfterAllThatItStillServes) {
  const Installation site;
  const auto server = start(tight(site));
  status_of(*server, "nonsense\r\n\r\n");
  HttpsClient caller = client(site.client_options(*server));
  EXPECT_EQ(caller.call({})->status, 200);
}

}  // namespace
}  // namespace assay::net::test
