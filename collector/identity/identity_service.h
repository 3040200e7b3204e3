// SPDX-License-Identifier: Apache-2.0
// Certificates and tokens: gives them out, takes them back, and keeps store and memory in step. Every change is one job of the
// writer; the answer comes when it is durable.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "collector/identity/certificate_book.h"
#include "collector/identity/enrolment.h"
#include "collector/identity/token_book.h"
#include "collector/store/reader.h"
#include "collector/writer/writer.h"
#include "common/base/clock.h"
#include "common/base/result.h"
#include "common/crypto/identity.h"

namespace assay::collector {

struct IssuedCertificate {
  std::string certificate_pem;
  std::string ca_pem;
  WallTime not_after;
};

struct TokenOrder {
  TokenKind kind = TokenKind::kEnrol;
  std::string node;            // enrol: bound to it; "" for any
  std::string name;            // of the person or tool
  Duration lifetime{};
  std::string actor;           // who asks, for the diary
};

struct IssuedToken {
  std::string id;
  std::string text;            // the only time the secret is seen
  WallTime expires;
};

inline constexpr Duration kEnrolTokenLifetime = std::chrono::hours{1};
inline constexpr Duration kTokenLifetime = std::chrono::hours{30 * 24};
inline constexpr Duration kTokenLifetimeMax = std::chrono::hours{366 * 24};

template <typename T>
using Done = std::function<void(Result<T>)>;

// Thread-safe. `done` is called once, now or later, on any thread.
class IdentityService {
 public:
  // All referenced objects must outlive the service. `certificate_lifetime` is that of agents.
  IdentityService(const crypto::Authority& authority, TokenBook& tokens, CertificateBook& certificates, Writer& writer,
                  Duration certificate_lifetime);

  // `token` is the entry that TokenBook::check gave for request.token.
  void enrol(EnrolRequest request, TokenEntry token, const Done<IssuedCertificate>& done);
  void renew(std::string name, std::string csr_pem, const Done<IssuedCertificate>& done);
  void create_token(const TokenOrder& order, const Done<IssuedToken>& done);
  void delete_token(const std::string& id, const std::string& actor, const Done<void>& done);
  void revoke(const std::string& serial, const std::string& reason, const std::string& actor, const Done<void>& done);

 private:
  struct Signed {
    CertificateRow row;
    IssuedCertificate issued;
  };
  Result<Signed> sign(const std::string& name, const std::string& csr_pem, WallTime now) const;
  // Writes the row and remembers it at once, for the next job of the group must see it; `serial` is set for taking it back.
  Status keep(Ledger& ledger, const CertificateRow& row, std::string& serial);

  const crypto::Authority& authority_;
  TokenBook& tokens_;
  CertificateBook& certificates_;
  Writer& writer_;
  const Duration certificate_lifetime_;
};

// Fills the books from the store.
Status load_books(StoreReader& store, WallTime now, TokenBook& tokens, CertificateBook& certificates);
// A token ready for the store, and its text.
struct NewToken {
  TokenRow row;
  std::string text;
};
NewToken prepare_token(const TokenOrder& order, const crypto::Authority& authority, WallTime now);
TokenEntry entry_of(const TokenRow& row);

}  // namespace assay::collector
