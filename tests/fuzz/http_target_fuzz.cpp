// SPDX-License-Identifier: Apache-2.0
// Request targets and server URLs: what parses holds no control character, and what was encoded comes back.
#include <cstdint>
#include <string>
#include <string_view>

#include "common/base/check.h"
#include "common/net/http.h"
#include "common/net/url.h"

namespace {

bool has_control(std::string_view text) {
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) return true;
  }
  return false;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  assay::net::Request request;
  if (assay::net::parse_target(text, request)) {
    ASSAY_CHECK(!has_control(request.path) && !request.path.empty());
    for (const auto& [name, value] : request.query) ASSAY_CHECK(!has_control(name) && !has_control(value));
  }
  const std::string target = "/?v=" + assay::net::percent_encode(text);
  ASSAY_CHECK(assay::net::parse_target(target, request) == !has_control(text));
  if (!has_control(text)) ASSAY_CHECK(request.query.at("v") == text);
  if (const auto address = assay::net::parse_server_url(text))
    ASSAY_CHECK(!address->host.empty() && address->port != 0);
  return 0;
}
