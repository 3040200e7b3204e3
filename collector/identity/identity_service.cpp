// SPDX-License-Identifier: Apache-2.0
#include "collector/identity/identity_service.h"

#include <limits>
#include <memory>
#include <utility>

#include <fmt/format.h>

namespace assay::collector {
namespace {

constexpr uint32_t kAll = std::numeric_limits<int32_t>::max();

// Whether an error of a store call is about the request ("used before", "no such token") and not about the store.
bool is_about_request(const Error& error) { return error.code == ErrorCode::kConflict || error.code == ErrorCode::kNotFound; }

// The answer that hands over what there is.
template <typename T>
Answer reply(const Done<T>& done, Result<T> result) {
  return [done, result = std::move(result)] { done(result); };
}

template <typename T>
std::function<void(const Error&)> refuse_with(const Done<T>& done) {
  return [done](const Error& error) { done(error); };
}

}  // namespace

TokenEntry entry_of(const TokenRow& row) {
  const auto kind = parse_token_kind(row.kind);
  TokenEntry entry;
  entry.kind = kind.ok() ? *kind : TokenKind::kEnrol;
  entry.name = entry.kind == TokenKind::kEnrol ? row.node : row.name;
  entry.secret_hash = row.secret_hash;
  entry.expires = row.expires;
  entry.used = row.used;
  return entry;
}

NewToken prepare_token(const TokenOrder& order, const crypto::Authority& authority, WallTime now) {
  const Token token = make_token(order.kind, authority.fingerprint());
  TokenRow row{token.id, std::string(to_string(order.kind)), order.name, order.node, hash_secret(token.secret), now, now + order.lifetime, false};
  return {std::move(row), to_text(token)};
}

Status load_books(StoreReader& store, WallTime now, TokenBook& tokens, CertificateBook& certificates) {
  for (const TokenRow& row : TRY(store.tokens(kAll))) {
    if (row.expires > now) tokens.put(row.id, entry_of(row));
  }
  for (const CertificateRow& row : TRY(store.certificates(kAll))) {
    if (row.not_after > now) certificates.add(row);
  }
  return {};
}

IdentityService::IdentityService(const crypto::Authority& authority, TokenBook& tokens, CertificateBook& certificates, Writer& writer,
                                 Duration certificate_lifetime)
    : authority_(authority), tokens_(tokens), certificates_(certificates), writer_(writer), certificate_lifetime_(certificate_lifetime) {}

Result<IdentityService::Signed> IdentityService::sign(const std::string& name, const std::string& csr_pem, WallTime now) const {
  const std::string pem = TRY(authority_.issue(csr_pem, name, "agent", now, certificate_lifetime_));
  const crypto::CertificateFacts facts = TRY(crypto::read_certificate(pem));
  return Signed{{facts.serial, facts.name, facts.role, now, facts.not_after, false, {}}, {pem, authority_.certificate_pem(), facts.not_after}};
}

Status IdentityService::keep(Ledger& ledger, const CertificateRow& row, std::string& serial) {
  TRY(ledger.transaction().add_certificate(row));
  certificates_.add(row);
  serial = row.serial;
  return {};
}

void IdentityService::enrol(EnrolRequest request, TokenEntry token, const Done<IssuedCertificate>& done) {
  const auto serial = std::make_shared<std::string>();
  const auto parsed = parse_token(request.token);
  if (!parsed.ok()) return done(parsed.error());
  auto apply = [this, request = std::move(request), token = std::move(token), id = parsed->id, serial, done](Ledger& ledger) -> Result<Answer> {
    const Status allowed = check_enrolment(token, request, certificates_.has_live_agent(request.node, ledger.now()));
    if (!allowed.ok()) return reply<IssuedCertificate>(done, allowed.error());
    const auto made = sign(request.node, request.csr_pem, ledger.now());   // before the token is spent on it
    if (!made.ok()) return reply<IssuedCertificate>(done, made.error());
    if (const Status used = ledger.transaction().use_token(id, ledger.now()); !used.ok()) {
      if (!is_about_request(used.error())) return used.error();
      return reply<IssuedCertificate>(done, make_error(ErrorCode::kPermission, "the token was used before; ask an administrator for a new one"));
    }
    TRY(keep(ledger, made->row, *serial));
    TRY(ledger.note({"node_enrolled", request.node, {}, {}, false, fmt::format("{} enrolled with token {}", request.node, id)}));
    return Answer([this, id, spent = token, done, issued = made->issued]() mutable {
      spent.used = true;
      tokens_.put(id, spent);
      done(issued);
    });
  };
  auto refuse = [this, serial, done](const Error& error) {
    certificates_.forget(*serial);
    done(error);
  };
  writer_.submit({std::move(apply), std::move(refuse)});
}

void IdentityService::renew(std::string name, std::string csr_pem, const Done<IssuedCertificate>& done) {
  const auto serial = std::make_shared<std::string>();
  if (const Status allowed = check_renewal(name, csr_pem); !allowed.ok()) return done(allowed.error());
  auto apply = [this, name = std::move(name), csr_pem = std::move(csr_pem), serial, done](Ledger& ledger) -> Result<Answer> {
    const auto made = sign(name, csr_pem, ledger.now());
    if (!made.ok()) return reply<IssuedCertificate>(done, made.error());
    TRY(keep(ledger, made->row, *serial));
    return reply<IssuedCertificate>(done, made->issued);
  };
  auto refuse = [this, serial, done](const Error& error) {
    certificates_.forget(*serial);
    done(error);
  };
  writer_.submit({std::move(apply), std::move(refuse)});
}

void IdentityService::create_token(const TokenOrder& order, const Done<IssuedToken>& done) {
  auto apply = [this, order, done](Ledger& ledger) -> Result<Answer> {
    NewToken token = prepare_token(order, authority_, ledger.now());
    TRY(ledger.transaction().add_token(token.row));
    TRY(ledger.note({"token_created", order.node, {}, {}, false,
                     fmt::format("{} made token {} of kind {}", order.actor, token.row.id, token.row.kind)}));
    return Answer([this, token = std::move(token), done] {
      tokens_.put(token.row.id, entry_of(token.row));
      done(IssuedToken{token.row.id, token.text, token.row.expires});
    });
  };
  writer_.submit({std::move(apply), refuse_with(done)});
}

void IdentityService::delete_token(const std::string& id, const std::string& actor, const Done<void>& done) {
  auto apply = [this, id, actor, done](Ledger& ledger) -> Result<Answer> {
    if (const Status removed = ledger.transaction().remove_token(id); !removed.ok()) {
      if (!is_about_request(removed.error())) return removed.error();
      return reply<void>(done, make_error(ErrorCode::kNotFound, fmt::format("there is no token {}; list them with assayctl token list", id)));
    }
    TRY(ledger.note({"token_deleted", {}, {}, {}, false, fmt::format("{} deleted token {}", actor, id)}));
    return Answer([this, id, done] {
      tokens_.remove(id);
      done({});
    });
  };
  writer_.submit({std::move(apply), refuse_with(done)});
}

void IdentityService::revoke(const std::string& serial, const std::string& reason, const std::string& actor, const Done<void>& done) {
  auto apply = [this, serial, reason, actor, done](Ledger& ledger) -> Result<Answer> {
    if (const Status revoked = ledger.transaction().revoke_certificate(serial, reason, ledger.now()); !revoked.ok()) {
      if (!is_about_request(revoked.error())) return revoked.error();
      return reply<void>(done, make_error(ErrorCode::kNotFound, fmt::format("there is no certificate with serial {}", serial)));
    }
    const auto row = certificates_.find(serial);
    const std::string name = row ? row->name : "";
    TRY(ledger.note({"certificate_revoked", name, {}, {}, false,
                     fmt::format("{} revoked certificate {} of {}: {}", actor, serial, name.empty() ? "nobody known" : name, reason)}));
    return Answer([this, serial, done] {
      certificates_.revoke(serial);
      done({});
    });
  };
  writer_.submit({std::move(apply), refuse_with(done)});
}

}  // namespace assay::collector
