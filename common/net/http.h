// SPDX-License-Identifier: Apache-2.0
// HTTP messages as plain values, apart from the library that carries them.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace assay::net {

// Who is at the other end, proven by a certificate of our CA that was valid when the connection was made.
struct PeerIdentity {
  std::string name;
  std::string role;
  std::string serial;
};

struct Request {
  std::string method;                            // "GET"
  std::string path;                              // without the query, percent-decoded: "/v1/devices"
  std::map<std::string, std::string> query;      // percent-decoded; the last of equal names wins
  std::string content_type;
  std::string authorization;                     // the header's value, "" when absent
  std::string body;
  std::optional<PeerIdentity> peer;              // absent: no client certificate
  std::string remote_address;                    // "127.0.0.1"
};

struct Response {
  int status = 200;
  std::string content_type = "application/json";
  std::string body;
  std::map<std::string, std::string> headers;    // further ones
};

// Splits "/a/b?x=1&y=%20" into path and query; false when the percent-encoding is broken.
bool parse_target(std::string_view target, Request& into);
std::string percent_encode(std::string_view text);

}  // namespace assay::net
