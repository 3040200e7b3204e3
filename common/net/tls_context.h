// SPDX-License-Identifier: Apache-2.0
// TLS 1.3 contexts of the client and the server, and who is at the other end. Internal to common/net, because it shows
// the types of OpenSSL and Asio: no other folder includes it.
#pragma once

#include <boost/asio/ssl/context.hpp>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/clock.h"
#include "common/base/result.h"
#include "common/net/https_client.h"
#include "common/net/https_server.h"

namespace assay::net {

// What new connections of a server are made with. Immutable after make(), so safe to share between threads.
class ServerTls {
 public:
  // `peer_check` (may be empty) must outlive every connection; a peer it refuses is told "certificate revoked" in the
  // handshake.
  static Result<std::shared_ptr<ServerTls>> make(const std::string& certificate_pem, const std::string& key_pem,
                                                 const std::string& client_ca_pem, const PeerCheck& peer_check);
  boost::asio::ssl::context& context() { return context_; }

 private:
  explicit ServerTls(boost::asio::ssl::context context) : context_(std::move(context)) {}
  boost::asio::ssl::context context_;
};

// What the connections of one client are made with. Trusts either one CA or, with an empty ca_pem, a chain whose root
// has the pinned fingerprint: everything else of that chain is then verified as usual.
class ClientTls {
 public:
  static Result<std::unique_ptr<ClientTls>> make(const ClientOptions& options);
  ClientTls(const ClientTls&) = delete;
  ClientTls& operator=(const ClientTls&) = delete;

  boost::asio::ssl::context& context() { return context_; }
  // Asks for `host` (a DNS name or an IP address without brackets) and accepts a certificate with that alternative name
  // only.
  static void expect_host(SSL* connection, const std::string& host);

 private:
  ClientTls(boost::asio::ssl::context context, std::string root_fingerprint)
      : root_fingerprint_(std::move(root_fingerprint)), context_(std::move(context)) {}
  const std::string root_fingerprint_;
  boost::asio::ssl::context context_;
};

// The peer of a finished handshake; absent without a client certificate. The end is kept because a resumed or
// long-lived connection outlasts the check that the handshake made.
struct VerifiedPeer {
  PeerIdentity identity;
  WallTime not_after;
};
std::optional<VerifiedPeer> peer_of(const SSL* connection);

// Why our side did not trust the other ("certificate has expired"); absent when that was not the reason of a failed
// handshake.
std::optional<std::string> distrust_of(const SSL* connection);

// The words of the alert with which the other side refused our certificate; absent for other errors. In TLS 1.3 a
// client meets it at its first read, after its own side of the handshake went well.
std::optional<std::string> refusal_of(const boost::system::error_code& problem);

}  // namespace assay::net
