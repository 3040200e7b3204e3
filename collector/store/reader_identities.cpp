// SPDX-License-Identifier: Apache-2.0
#include "collector/store/connection.h"
#include "collector/store/reader.h"

namespace assay::collector {
namespace {

TokenRow read_token(Query& row) {
  TokenRow token;
  token.id = row.text();
  token.kind = row.text();
  token.name = row.text();
  token.node = row.text();
  token.secret_hash = row.text();
  token.created = row.time();
  token.expires = row.time();
  token.used = row.flag();
  return token;
}

}  // namespace

Result<std::vector<TokenRow>> StoreReader::tokens(uint32_t limit) {
  std::vector<TokenRow> rows;
  Query query = TRY(connection_->query(
      "SELECT id, kind, name, node, secret_hash, created_ns, expires_ns, used FROM tokens ORDER BY created_ns DESC, id LIMIT ?", limit));
  while (TRY(query.next())) rows.push_back(read_token(query));
  return rows;
}

Result<std::optional<TokenRow>> StoreReader::token(const std::string& id) {
  Query query = TRY(connection_->query("SELECT id, kind, name, node, secret_hash, created_ns, expires_ns, used FROM tokens WHERE id=?", id));
  if (!TRY(query.next())) return std::optional<TokenRow>{};
  return std::optional<TokenRow>{read_token(query)};
}

Result<std::vector<CertificateRow>> StoreReader::certificates(uint32_t limit) {
  std::vector<CertificateRow> rows;
  Query query = TRY(connection_->query(
      "SELECT serial, name, role, issued_ns, not_after_ns, revoked, revoke_reason FROM certificates ORDER BY issued_ns DESC, serial LIMIT ?", limit));
  while (TRY(query.next())) {
    CertificateRow row;
    row.serial = query.text();
    row.name = query.text();
    row.role = query.text();
    row.issued = query.time();
    row.not_after = query.time();
    row.revoked = query.flag();
    row.revoke_reason = query.text();
    rows.push_back(std::move(row));
  }
  return rows;
}

Result<bool> StoreReader::is_revoked(const std::string& serial) {
  Query query = TRY(connection_->query("SELECT revoked FROM certificates WHERE serial=?", serial));
  return TRY(query.next()) && query.flag();
}

Result<std::vector<std::string>> StoreReader::revoked_serials() {
  std::vector<std::string> serials;
  Query query = TRY(connection_->query("SELECT serial FROM certificates WHERE revoked=1"));
  while (TRY(query.next())) serials.push_back(query.text());
  return serials;
}

}  // namespace assay::collector
