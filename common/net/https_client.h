// SPDX-License-Identifier: Apache-2.0
// A blocking HTTPS/1.1 client for one server: one keep-alive connection, opened when needed, TLS 1.3 with our CA
// pinned.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include "common/base/clock.h"
#include "common/base/result.h"
#include "common/crypto/identity.h"
#include "common/net/http.h"

namespace assay::net {

struct ClientOptions {
  std::string url;                             // "https://host:port", "https://[::1]:9480"; port 443 when there is none
  std::string ca_pem;                          // trust this CA only; or, with an empty ca_pem:
  std::string ca_fingerprint;                  // trust a chain whose root has this SHA-256 (enrolment)
  std::optional<crypto::Identity> identity;    // client certificate
  Duration timeout{std::chrono::seconds{15}};  // of one whole call: connect, handshake, send, receive
  size_t reply_bytes = 64 * 1024 * 1024;       // limit on a reply's body; programs pass limits::kHttpReplyBytes
};

struct CallOptions {
  std::string method = "GET";
  std::string target = "/";  // path and query, percent-encoded
  std::string content_type = "application/json";
  std::string authorization;  // "Bearer ..." or ""
  std::string body;
};

// Not thread-safe: one owner. A call on a kept connection that the server closed meanwhile is tried once more on a new
// one (every call of ours may be repeated harmlessly).
class HttpsClient {
 public:
  static Result<HttpsClient> make(ClientOptions options);  // kInvalid for a bad URL, CA or identity
  HttpsClient(HttpsClient&&) noexcept;
  HttpsClient& operator=(HttpsClient&&) noexcept;
  ~HttpsClient();

  // Any HTTP status is a Response. Errors: kUnavailable (no connection), kTimeout, kPermission (the server is not
  // trusted, or it refused our certificate), kLimit (reply over ClientOptions::reply_bytes), kInvalid (a target or
  // header with control characters).
  Result<Response> call(const CallOptions& options);
  // Closes the connection; the next call opens a new one.
  void disconnect();

 private:
  class Impl;
  explicit HttpsClient(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace assay::net
