// SPDX-License-Identifier: Apache-2.0
#include "collector/api/auth.h"

#include <algorithm>
#include <cstdint>

#include "common/base/parse.h"

namespace assay::collector {
namespace {

constexpr std::string_view kBearer = "Bearer ";
constexpr std::string_view kBasic = "Basic ";

std::optional<uint32_t> sextet(char c) {
  constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const size_t at = kAlphabet.find(c);
  if (at == std::string_view::npos) return std::nullopt;
  return static_cast<uint32_t>(at);
}

// RFC 4648 section 4, padding optional.
std::optional<std::string> decode_base64(std::string_view text) {
  while (!text.empty() && text.back() == '=') text.remove_suffix(1);
  std::string out;
  uint32_t bits = 0;
  int held = 0;
  for (const char c : text) {
    const auto value = sextet(c);
    if (!value) return std::nullopt;
    bits = (bits << 6 | *value) & 0xFFFFFF;
    held += 6;
    if (held >= 8) {
      held -= 8;
      out.push_back(static_cast<char>(bits >> held & 0xFF));
    }
  }
  return out;
}

Role role_of(TokenKind kind) {
  switch (kind) {
    case TokenKind::kEnrol: return Role::kNone;
    case TokenKind::kViewer: return Role::kViewer;
    case TokenKind::kOperator: return Role::kOperator;
    case TokenKind::kAdmin: return Role::kAdmin;
  }
  return Role::kNone;
}

}  // namespace

bool FailureLimiter::admit(const std::string& address, MonoTime now) {
  const std::lock_guard lock(mutex_);
  if (buckets_.size() >= kAddresses && !buckets_.contains(address)) {
    buckets_.erase(std::min_element(buckets_.begin(), buckets_.end(),
                                    [](const auto& a, const auto& b) { return a.second.next_free < b.second.next_free; }));
  }
  Bucket& bucket = buckets_[address];
  const MonoTime start = std::max(bucket.next_free, now);
  if (start - now > kRefill * static_cast<int64_t>(kBurst - 1)) return false;
  bucket.next_free = start + kRefill;
  return true;
}

std::optional<std::string> basic_password(std::string_view header) {
  if (!header.starts_with(kBasic)) return std::nullopt;
  const auto decoded = decode_base64(trim(header.substr(kBasic.size())));
  if (!decoded) return std::nullopt;
  const size_t colon = decoded->find(':');
  if (colon == std::string::npos) return std::nullopt;
  return decoded->substr(colon + 1);
}

Result<Principal> identify(const net::Request& request, const TokenBook& tokens, WallTime now) {
  if (request.authorization.empty()) {
    if (!request.peer) return Principal{};
    return Principal{collector::role_of(request.peer->role), request.peer->name};
  }
  std::string text;
  if (request.authorization.starts_with(kBearer)) {
    text = request.authorization.substr(kBearer.size());
  } else if (auto password = basic_password(request.authorization)) {
    // A browser sends a remembered password with whatever a foreign page makes it post, so it is good for reading only.
    if (request.method != "GET" && request.method != "HEAD") {
      return make_error(ErrorCode::kPermission, "Basic authorization is for reading; to change something send Authorization: Bearer TOKEN");
    }
    text = std::move(*password);
  } else {
    return make_error(ErrorCode::kPermission, "the authorization header is neither Bearer TOKEN nor Basic with the token as password");
  }
  const auto entry = tokens.check(text, now);
  if (!entry.ok()) return make_error(ErrorCode::kPermission, entry.error().message);
  if (entry->kind == TokenKind::kEnrol) {
    return make_error(ErrorCode::kPermission, "an enrolment token enrols a node and does nothing else; use a viewer, operator or admin token");
  }
  return Principal{role_of(entry->kind), entry->name};
}

}  // namespace assay::collector
