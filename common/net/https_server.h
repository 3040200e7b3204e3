// SPDX-License-Identifier: Apache-2.0
// An HTTPS/1.1 server: TLS 1.3 only, keep-alive, client certificates asked for and, when given, verified against our
// CA.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "common/base/clock.h"
#include "common/base/result.h"
#include "common/net/http.h"

namespace assay::net {

struct ServerOptions {
  std::string address = "127.0.0.1";  // an IP address; "::" and "0.0.0.0" are every interface
  uint16_t port = 0;                  // 0: the system chooses; see HttpsServer::port()
  std::string certificate_pem;  // the server's own, followed by the CA's when newcomers pin the CA by its fingerprint
  std::string key_pem;
  std::string client_ca_pem;  // client certificates must chain to this
  int threads = 1;            // 1 to 64
  HttpLimits limits;
};

// Counts since the start, for metrics. Read with relaxed atomics; may be slightly apart.
struct ServerCounters {
  uint64_t connections_open = 0;
  uint64_t connections_accepted = 0;
  uint64_t connections_refused = 0;  // over HttpLimits::connections
  uint64_t handshakes_failed = 0;    // wrong, expired or missing trust; not TLS
  uint64_t requests = 0;
  uint64_t requests_refused = 0;  // malformed, oversized or too slow
};

// Answers exactly once, from any thread, now or later. Answers after the connection or server ended are dropped.
using Responder = std::function<void(Response)>;
// Called on a server thread; must not block. Serial per connection, parallel between connections when threads > 1.
using Handler = std::function<void(Request, Responder)>;
// Whether a verified peer is still welcome (revocation by serial); called at the handshake and before every request,
// on server threads.
using PeerCheck = std::function<bool(const PeerIdentity&)>;

// HttpLimits on header, body, time and connections are enforced before the handler sees anything: 431, 413, 408, 400;
// also 417 and 501 for what is not understood, and 401 for a peer whose certificate was revoked or expired on a living
// connection. After each of these the connection closes. A handler that lets its Responder go without an answer makes a
// 500.
class HttpsServer {
 public:
  // kInvalid for an address, certificate, key or CA that cannot be used; kConflict for an address in use. `peer_check`
  // may be empty.
  static Result<std::unique_ptr<HttpsServer>> start(const ServerOptions& options, Handler handler,
                                                    PeerCheck peer_check);
  ~HttpsServer();  // stop(0)

  uint16_t port() const;
  ServerCounters counters() const;
  // Replaces certificate and key for new connections (renewal without a restart). kInvalid, and nothing changes, when
  // they do not fit. Thread-safe.
  Status set_certificate(const std::string& certificate_pem, const std::string& key_pem);
  // Stops accepting, lets requests in progress be answered for up to `patience`, then closes everything and joins.
  // Not from a server thread. Idempotent.
  void stop(Duration patience);

 private:
  class Impl;
  explicit HttpsServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace assay::net
