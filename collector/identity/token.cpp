// SPDX-License-Identifier: Apache-2.0
#include "collector/identity/token.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "common/base/parse.h"
#include "common/crypto/hash.h"
#include "common/crypto/secret.h"

namespace assay::collector {
namespace {

constexpr std::array<std::string_view, 4> kKindNames = {"enrol", "viewer", "operator", "admin"};
constexpr size_t kIdBytes = 6;
constexpr size_t kSecretBytes = 32;
constexpr size_t kFingerprintBytes = 32;

bool is_hex(std::string_view text, size_t bytes) {
  return text.size() == 2 * bytes && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

}  // namespace

std::string_view to_string(TokenKind kind) { return kKindNames[static_cast<size_t>(kind)]; }

Result<TokenKind> parse_token_kind(std::string_view text) {
  const auto found = std::find(kKindNames.begin(), kKindNames.end(), text);
  if (found == kKindNames.end()) {
    return make_error(ErrorCode::kInvalid, fmt::format("token kind \"{}\" is unknown; use enrol, viewer, operator or admin", text));
  }
  return static_cast<TokenKind>(found - kKindNames.begin());
}

Token make_token(TokenKind kind, std::string_view ca_fingerprint) {
  return {kind, crypto::random_hex(kIdBytes), crypto::random_hex(kSecretBytes), std::string(ca_fingerprint)};
}

std::string to_text(const Token& token) {
  return fmt::format("assay1.{}.{}.{}.{}", to_string(token.kind).front(), token.id, token.secret, token.ca_fingerprint);
}

Result<Token> parse_token(std::string_view text) {
  const Error bad = make_error(ErrorCode::kInvalid, "this is not a token of an assay collector; copy the whole text that begins with assay1.");
  const auto parts = split(trim(text), '.');
  if (parts.size() != 5 || parts[0] != "assay1" || parts[1].size() != 1) return bad;
  const auto kind = std::find_if(kKindNames.begin(), kKindNames.end(), [&](std::string_view name) { return name.front() == parts[1].front(); });
  if (kind == kKindNames.end()) return bad;
  if (!is_hex(parts[2], kIdBytes) || !is_hex(parts[3], kSecretBytes) || !is_hex(parts[4], kFingerprintBytes)) return bad;
  return Token{static_cast<TokenKind>(kind - kKindNames.begin()), std::string(parts[2]), std::string(parts[3]), std::string(parts[4])};
}

std::string hash_secret(std::string_view secret) { return crypto::sha256_hex(secret); }

}  // namespace assay::collector
