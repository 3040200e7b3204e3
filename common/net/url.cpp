// SPDX-License-Identifier: Apache-2.0
#include "common/net/url.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include "common/base/parse.h"

namespace assay::net {

namespace {

constexpr std::string_view kScheme = "https://";
constexpr size_t kHostChars = 253;  // RFC 1035

Error wrong(std::string_view url, std::string_view what) {
  return make_error(ErrorCode::kInvalid, fmt::format("url \"{}\": {}; write one like https://collector.example:9480",
                                                     url.substr(0, 200), what));
}

bool is_ipv6(const std::string& text) {
  in6_addr ignored{};
  return ::inet_pton(AF_INET6, text.c_str(), &ignored) == 1;
}

bool is_host(std::string_view text) {
  constexpr std::string_view kAllowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
  return !text.empty() && text.size() <= kHostChars && text.find_first_not_of(kAllowed) == std::string_view::npos;
}

}  // namespace

Result<ServerAddress> parse_server_url(std::string_view url) {
  if (!url.starts_with(kScheme)) return wrong(url, "does not begin with https://");
  std::string_view rest = url.substr(kScheme.size());
  if (rest.ends_with('/')) rest.remove_suffix(1);
  ServerAddress address;
  std::string_view port;
  if (rest.starts_with('[')) {
    const size_t end = rest.find(']');
    address.host = std::string(rest.substr(1, end == std::string_view::npos ? end : end - 1));
    if (end == std::string_view::npos || !is_ipv6(address.host))
      return wrong(url, "has no IPv6 address in its brackets");
    address.authority = fmt::format("[{}]", address.host);
    port = rest.substr(end + 1);
  } else {
    const size_t colon = rest.find(':');
    address.host = std::string(rest.substr(0, colon));
    if (!is_host(address.host)) return wrong(url, "has no usable host name");
    address.authority = address.host;
    port = colon == std::string_view::npos ? std::string_view() : rest.substr(colon);
  }
  if (!port.empty()) {
    const auto number = parse_u64(port.substr(1));
    if (port.front() != ':' || !number || *number == 0 || *number > 65535)
      return wrong(url, "has no port from 1 to 65535");
    address.port = static_cast<uint16_t>(*number);
    address.authority += fmt::format(":{}", address.port);
  }
  return address;
}

}  // namespace assay::net
