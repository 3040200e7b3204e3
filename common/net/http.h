// SPDX-License-Identifier: Apache-2.0
// HTTP messages as plain values, apart from the library that carries them.
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/clock.h"

namespace assay::net {

// Who is at the other end, proven by a certificate of our CA that was valid when the connection was made.
struct PeerIdentity {
  std::string name;
  std::string role;
  std::string serial;
};

struct Request {
  std::string method;                        // "GET"
  std::string path;                          // without the query, percent-decoded: "/v1/devices"
  std::map<std::string, std::string> query;  // percent-decoded; the last of equal names wins
  std::string content_type;
  std::string authorization;  // the header's value, "" when absent
  std::string body;
  std::optional<PeerIdentity> peer;  // absent: no client certificate
  std::string remote_address;        // "127.0.0.1"
};

struct Response {
  int status = 200;
  std::string content_type = "application/json";
  std::string body;
  std::map<std::string, std::string> headers;  // further ones
};

// What a server accepts from outside. The defaults suit a test; programs pass the values of common/model/limits.h,
// which this folder may not include.
struct HttpLimits {
  size_t header_bytes = 16 * 1024;  // request line and headers together
  size_t body_bytes = 1024 * 1024;  // after chunked decoding
  size_t connections = 40'000;      // open at once; what is over is closed at the door
  Duration handshake_time{std::chrono::seconds{10}};
  Duration request_time{
      std::chrono::seconds{30}};  // from the first byte of a request to its last; the same for an answer
  Duration answer_time{std::chrono::seconds{60}};  // of the handler; then 503
  Duration idle_time{std::chrono::seconds{120}};   // of a keep-alive connection between requests
  Duration linger_time{std::chrono::seconds{2}};   // to let the peer read the last answer before the close
};

// Splits "/a/b?x=1&y=%20" (or "*") into path and query, both percent-decoded; '+' stays '+'. False, with `into`
// unspecified, when it does not begin with '/', the percent-encoding is broken, or a decoded control character or a '#'
// is in it.
bool parse_target(std::string_view target, Request& into);
// Everything but the unreserved characters of RFC 3986 section 2.3 as %XX, upper case.
std::string percent_encode(std::string_view text);

}  // namespace assay::net
