// SPDX-License-Identifier: Apache-2.0
#include "common/net/http.h"

namespace assay::net {

namespace {

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// Absent when the encoding is broken or a control character comes out: nothing behind this point expects a NUL or a
// line end.
std::optional<std::string> percent_decode(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    unsigned char c = static_cast<unsigned char>(text[i]);
    if (c == '%') {
      if (text.size() - i < 3) return std::nullopt;
      const int high = hex_value(text[i + 1]);
      const int low = hex_value(text[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      c = static_cast<unsigned char>(high * 16 + low);
      i += 2;
    }
    if (c < 0x20 || c == 0x7F) return std::nullopt;
    out.push_back(static_cast<char>(c));
  }
  return out;
}

bool parse_query(std::string_view text, std::map<std::string, std::string>& into) {
  while (!text.empty()) {
    const size_t end = text.find('&');
    const std::string_view pair = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    if (pair.empty()) continue;
    const size_t equals = pair.find('=');
    auto name = percent_decode(pair.substr(0, equals));
    auto value = percent_decode(equals == std::string_view::npos ? std::string_view() : pair.substr(equals + 1));
    if (!name || !value) return false;
    into.insert_or_assign(std::move(*name), std::move(*value));
  }
  return true;
}

}  // namespace

bool parse_target(std::string_view target, Request& into) {
  into.query.clear();
  if (target == "*") {
    into.path = "*";
    return true;
  }
  if (!target.starts_with('/') || target.find('#') != std::string_view::npos) return false;
  const size_t mark = target.find('?');
  auto path = percent_decode(target.substr(0, mark));
  if (!path) return false;
  into.path = std::move(*path);
  return mark == std::string_view::npos || parse_query(target.substr(mark + 1), into.query);
}

std::string percent_encode(std::string_view text) {
  constexpr std::string_view kUnreserved = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~";
  constexpr char kDigits[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    if (kUnreserved.find(c) != std::string_view::npos) {
      out.push_back(c);
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out.push_back('%');
    out.push_back(kDigits[byte >> 4U]);
    out.push_back(kDigits[byte & 15U]);
  }
  return out;
}

}  // namespace assay::net
