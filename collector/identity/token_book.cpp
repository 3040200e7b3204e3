// SPDX-License-Identifier: Apache-2.0
#include "collector/identity/token_book.h"

#include "common/crypto/secret.h"

namespace assay::collector {

void TokenBook::put(const std::string& id, TokenEntry entry) {
  const std::lock_guard lock(mutex_);
  entries_.insert_or_assign(id, std::move(entry));
}

void TokenBook::remove(const std::string& id) {
  const std::lock_guard lock(mutex_);
  entries_.erase(id);
}

void TokenBook::prune(WallTime now) {
  const std::lock_guard lock(mutex_);
  std::erase_if(entries_, [&](const auto& entry) { return entry.second.expires <= now; });
}

Result<TokenEntry> TokenBook::check(std::string_view text, WallTime now) const {
  const Token token = TRY(parse_token(text));
  const std::string hash = hash_secret(token.secret);
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(token.id);
  const std::string expected = found == entries_.end() ? std::string(hash.size(), '0') : found->second.secret_hash;
  const bool same = crypto::equal_constant_time(hash, expected);
  if (found == entries_.end() || !same || found->second.kind != token.kind) {
    return make_error(ErrorCode::kPermission, "the token is not known here; ask an administrator for a new one");
  }
  if (found->second.expires <= now) return make_error(ErrorCode::kPermission, "the token has expired; ask an administrator for a new one");
  return found->second;
}

}  // namespace assay::collector
