// SPDX-License-Identifier: Apache-2.0
// Bearer tokens as text: assay1.<kind letter>.<id>.<secret>.<CA fingerprint>. The fingerprint lets a newcomer trust the
// right collector with nothing else in hand; the collector keeps only a hash of the secret.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "common/base/result.h"

namespace assay::collector {

enum class TokenKind : uint8_t { kEnrol, kViewer, kOperator, kAdmin };
std::string_view to_string(TokenKind kind);  // "enrol", "viewer", "operator", "admin"
Result<TokenKind> parse_token_kind(std::string_view text);

struct Token {
  TokenKind kind = TokenKind::kViewer;
  std::string id;              // 12 hexadecimal digits, public
  std::string secret;          // 64 hexadecimal digits; never logged, never stored
  std::string ca_fingerprint;  // 64 hexadecimal digits
};

// A token of fresh random id and secret.
Token make_token(TokenKind kind, std::string_view ca_fingerprint);
std::string to_text(const Token& token);
// kInvalid, without repeating any part of the text, when it is not shaped like a token.
Result<Token> parse_token(std::string_view text);
// What is kept of a secret: SHA-256, hexadecimal. The secret has 256 random bits, so no salt or slow hash is needed.
std::string hash_secret(std::string_view secret);

}  // namespace assay::collector
