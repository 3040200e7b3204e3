// SPDX-License-Identifier: Apache-2.0
// An installation on loopback for tests: a CA, identities of it, a server, clients.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "common/base/clock.h"
#include "common/crypto/identity.h"
#include "common/net/https_client.h"
#include "common/net/https_server.h"
#include "tests/support/temp_dir.h"

namespace assay::net::test {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

inline WallTime wall_now() {
  return SystemClock().now().wall;
}

class Installation {
 public:
  Installation() : authority_(*crypto::Authority::open_or_create(dir_.path(), wall_now() - hours(24 * 30))) {}
  const crypto::Authority& authority() const { return authority_; }

  // `now` in the past makes an expired certificate.
  crypto::Identity person(const std::string& name, const std::string& role, WallTime now = wall_now(),
                          Duration life = hours(1)) const {
    const auto request = crypto::make_request(name);
    return {request->key_pem, *authority_.issue(request->csr_pem, name, role, now, life)};
  }
  crypto::Identity server(const std::vector<std::string>& hosts = {"127.0.0.1", "localhost", "::1"},
                          WallTime now = wall_now()) const {
    return *authority_.issue_server("collector", hosts, now, hours(1));
  }
  // The server's identity with the CA behind it, as newcomers need it.
  ServerOptions server_options() const {
    const crypto::Identity own = server();
    ServerOptions options;
    options.certificate_pem = own.certificate_pem + authority_.certificate_pem();
    options.key_pem = own.key_pem;
    options.client_ca_pem = authority_.certificate_pem();
    return options;
  }
  ClientOptions client_options(const HttpsServer& server) const {
    ClientOptions options;
    options.url = fmt::format("https://127.0.0.1:{}", server.port());
    options.ca_pem = authority_.certificate_pem();
    return options;
  }

 private:
  assay::test::TempDir dir_;
  crypto::Authority authority_;
};

inline void echo(const Request& request, const Responder& respond) {
  Response response;
  response.content_type = "text/plain";
  response.body = request.method + " " + request.path + " " + request.body;
  respond(std::move(response));
}

inline std::unique_ptr<HttpsServer> start(const ServerOptions& options, Handler handler = echo,
                                          PeerCheck check = nullptr) {
  auto server = HttpsServer::start(options, std::move(handler), std::move(check));
  EXPECT_TRUE(server.ok()) << (server.ok() ? "" : server.error().message);
  return std::move(server).value();
}

inline HttpsClient client(ClientOptions options) {
  auto made = HttpsClient::make(std::move(options));
  EXPECT_TRUE(made.ok()) << (made.ok() ? "" : made.error().message);
  return std::move(made).value();
}

inline CallOptions post(std::string target, std::string body) {
  CallOptions call;
  call.method = "POST";
  call.target = std::move(target);
  call.body = std::move(body);
  return call;
}

// Waits until the condition holds; false after five seconds.
template <typename Condition>
bool eventually(Condition condition) {
  for (int i = 0; i < 500; ++i) {
    if (condition()) return true;
    std::this_thread::sleep_for(milliseconds(10));
  }
  return condition();
}

}  // namespace assay::net::test
