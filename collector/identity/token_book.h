// SPDX-License-Identifier: Apache-2.0
// The bearer tokens that are good now, in memory, for the threads that answer requests. The store is the truth; the writer
// publishes each change here after it is committed.
#pragma once

#include <map>
#include <mutex>
#include <string>

#include "collector/identity/token.h"
#include "common/base/clock.h"
#include "common/base/result.h"

namespace assay::collector {

struct TokenEntry {
  TokenKind kind = TokenKind::kViewer;
  std::string name;          // of the person or tool, or of the node an enrolment token is bound to ("" when to none)
  std::string secret_hash;   // hash_secret
  WallTime expires;
  bool used = false;         // enrolment tokens work once
};

// Thread-safe.
class TokenBook {
 public:
  void put(const std::string& id, TokenEntry entry);
  void remove(const std::string& id);
  // Drops what has expired.
  void prune(WallTime now);
  // The entry of the token when text, secret and date are right. kPermission otherwise, in the same words whether the id is
  // unknown or the secret wrong; the secrets are compared in constant time.
  Result<TokenEntry> check(std::string_view text, WallTime now) const;

 private:
  mutable std::mutex mutex_;
  std::map<std::string, TokenEntry> entries_;
};

}  // namespace assay::collector
