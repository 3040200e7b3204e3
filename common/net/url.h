// SPDX-License-Identifier: Apache-2.0
// The address of a server as people write it. Internal to common/net.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "common/base/result.h"

namespace assay::net {

struct ServerAddress {
  std::string host;  // without brackets
  uint16_t port = 443;
  std::string authority;  // for the Host header: "host:port", "[::1]:9480"
};

// "https://host", "https://host:9480", "https://[::1]:9480", a final '/' allowed; kInvalid with an example otherwise.
Result<ServerAddress> parse_server_url(std::string_view url);

}  // namespace assay::net
