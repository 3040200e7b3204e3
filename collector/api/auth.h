// SPDX-License-Identifier: Apache-2.0
// Who is asking: the identity behind a request, from its bearer token or its client certificate.
#pragma once

#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "collector/api/router.h"
#include "collector/identity/token_book.h"
#include "common/base/clock.h"
#include "common/base/result.h"
#include "common/net/http.h"

namespace assay::collector {

struct Principal {
  Role role = Role::kNone;
  std::string name;
};

// Counts wrong tokens per address so that a guesser costs no log lines and no database work. Secrets have 256 bits, so the
// limit only ever slows what is wrong: a right token is never refused because others at its address are wrong.
class FailureLimiter {
 public:
  static constexpr size_t kBurst = 10;                              // failures that get a plain 401
  static constexpr Duration kRefill = std::chrono::seconds{6};      // one more after each
  static constexpr size_t kAddresses = 4096;                        // remembered at most; the least recent goes first

  // Counts one failure; true while the address is under its limit. Thread-safe.
  bool admit(const std::string& address, MonoTime now);

 private:
  struct Bucket {
    MonoTime next_free;   // when the bucket is full again, less kBurst refills
  };
  std::mutex mutex_;
  std::map<std::string, Bucket> buckets_;
};

// The identity of a request: the token of its Authorization header when there is one (Bearer, or Basic with the token as the
// password, for GET and HEAD only), else its client certificate. kNone when there is neither; kPermission for a wrong or expired token, for an
// enrolment token, and for a header that is not understood. Does not look at revocation (the server did).
Result<Principal> identify(const net::Request& request, const TokenBook& tokens, WallTime now);

// The password of "Basic <base64 of user:password>"; absent when malformed.
std::optional<std::string> basic_password(std::string_view header);

}  // namespace assay::collector
