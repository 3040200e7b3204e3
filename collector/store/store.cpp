// SPDX-License-Identifier: Apache-2.0
#include "collector/store/store.h"

#include <fcntl.h>

#include <cerrno>
#include <system_error>

#include <fmt/format.h>

#include "collector/store/connection.h"
#include "collector/store/decision_chain.h"
#include "collector/store/load_state.h"
#include "collector/store/migrations.h"
#include "collector/store/retention.h"
#include "collector/store/save_rows.h"
#include "common/base/file.h"

namespace assay::collector {

struct Store::Impl {
  StoreOptions options;
  UniqueFd lock;                            // outlives the connection
  std::unique_ptr<Connection> connection;
};

namespace {

constexpr int64_t kLogBytesKept = 64 * 1024 * 1024;   // a write-ahead log that once grew is cut back to this

// SQLite would create it with the umask's mode; its log and index take the mode of the file.
Status create_private(const std::filesystem::path& path) {
  const UniqueFd fd(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!fd.valid()) return errno_error(errno, fmt::format("store {}", path.string()));
  return {};
}

Status configure(Connection& connection, const StoreOptions& options) {
  // Bytes that are no database show here, before anything is written.
  TRY(connection.integer("SELECT count(*) FROM sqlite_master"));
  TRY(connection.script("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"));
  TRY(connection.script(fmt::format("PRAGMA journal_size_limit={};", kLogBytesKept)));
  if (options.max_pages) TRY(connection.script(fmt::format("PRAGMA max_page_count={};", *options.max_pages)));
  return {};
}

}  // namespace

Result<Store> Store::open(const StoreOptions& options) {
  auto impl = std::make_unique<Impl>();
  impl->options = options;
  auto lock = lock_file(options.path.string() + ".lock");
  if (!lock.ok()) {
    if (lock.error().code != ErrorCode::kConflict) return lock.error().in(fmt::format("store {}", options.path.string()));
    return make_error(ErrorCode::kConflict, fmt::format("store {} is in use by another collector; stop that one or name another state directory",
                                                        options.path.string()));
  }
  impl->lock = std::move(lock).value();
  TRY(create_private(options.path));
  impl->connection = TRY(Connection::open(options.path, OpenMode::kReadWrite));
  TRY(configure(*impl->connection, options));
  TRY(migrate(*impl->connection));
  TRY(check_last_link(*impl->connection));
  return Store(std::move(impl));
}

Store::Store(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Store::Store(Store&&) noexcept = default;
Store& Store::operator=(Store&&) noexcept = default;
Store::~Store() = default;

Result<FleetState> Store::load_fleet_state(WallTime now) { return load_state(*impl_->connection, now); }

Result<Store::Transaction> Store::begin() {
  TRY(impl_->connection->run("BEGIN IMMEDIATE"));
  return Transaction(*impl_->connection, impl_->options.signer);
}

const std::filesystem::path& Store::path() const { return impl_->options.path; }

uint64_t Store::size_bytes() const {
  uint64_t bytes = 0;
  for (const char* suffix : {"", "-wal"}) {
    std::error_code error;
    const auto size = std::filesystem::file_size(path().string() + suffix, error);
    if (!error) bytes += size;
  }
  return bytes;
}

Store::Transaction::Transaction(Connection& connection, const Signer& signer) : connection_(&connection), signer_(&signer) {}
Store::Transaction::Transaction(Transaction&& other) noexcept
    : connection_(std::exchange(other.connection_, nullptr)), signer_(other.signer_), failed_(other.failed_) {}

Store::Transaction::~Transaction() {
  // SQLite has rolled back by itself after some errors (disk full).
  if (connection_ != nullptr && connection_->in_transaction()) static_cast<void>(connection_->run("ROLLBACK"));
}

Status Store::Transaction::apply(const Action& action) {
  const Status saved = save(*connection_, *signer_, action);
  if (!saved.ok()) failed_ = true;
  return saved;
}

Status Store::Transaction::apply(const std::vector<Action>& actions) {
  for (const Action& action : actions) TRY(apply(action));
  return {};
}

Result<std::optional<uint64_t>> Store::Transaction::last_sequence(std::string_view node, std::string_view stream) {
  Query query = TRY(connection_->query("SELECT sequence FROM streams WHERE node=? AND stream=?", node, stream));
  if (!TRY(query.next())) return std::optional<uint64_t>{};
  return std::optional<uint64_t>{query.count()};
}

Status Store::Transaction::set_last_sequence(std::string_view node, std::string_view stream, uint64_t sequence, WallTime now) {
  return connection_->run("INSERT OR REPLACE INTO streams(node, stream, sequence, updated_ns) VALUES(?,?,?,?)", node, stream, sequence, now);
}

Status Store::Transaction::add_token(const TokenRow& token) {
  return connection_->run("INSERT INTO tokens(id, kind, name, node, secret_hash, created_ns, expires_ns, used) VALUES(?,?,?,?,?,?,?,?)", token.id,
                          token.kind, token.name, token.node, token.secret_hash, token.created, token.expires, token.used);
}

Status Store::Transaction::use_token(std::string_view id, WallTime now) {
  TRY(connection_->run("UPDATE tokens SET used=1, used_ns=? WHERE id=? AND used=0", now, id));
  if (connection_->changes() == 1) return {};
  return make_error(ErrorCode::kConflict, fmt::format("token {} was used before or does not exist", id));
}

Status Store::Transaction::remove_token(std::string_view id) {
  TRY(connection_->run("DELETE FROM tokens WHERE id=?", id));
  if (connection_->changes() == 1) return {};
  return make_error(ErrorCode::kNotFound, fmt::format("there is no token {}", id));
}

Status Store::Transaction::add_certificate(const CertificateRow& c) {
  return connection_->run("INSERT INTO certificates(serial, name, role, issued_ns, not_after_ns, revoked, revoke_reason) VALUES(?,?,?,?,?,?,?)",
                          c.serial, c.name, c.role, c.issued, c.not_after, c.revoked, c.revoke_reason);
}

Status Store::Transaction::revoke_certificate(std::string_view serial, std::string_view reason, WallTime now) {
  TRY(connection_->run("UPDATE certificates SET revoked=1, revoked_ns=?, revoke_reason=? WHERE serial=?", now, reason, serial));
  if (connection_->changes() == 1) return {};
  return make_error(ErrorCode::kNotFound, fmt::format("there is no certificate {}", serial));
}

Result<uint64_t> Store::Transaction::prune(const Retention& retention, WallTime now, uint32_t batch) {
  return delete_old_rows(*connection_, retention, now, batch);
}

Status Store::Transaction::commit() {
  // Half of a step must never be kept, and some errors (disk full) have rolled all of it back already.
  if (failed_ || !connection_->in_transaction()) {
    return make_error(ErrorCode::kUnavailable, fmt::format("store {}: the transaction was rolled back after an error", connection_->path().string()));
  }
  return connection_->run("COMMIT");
}

}  // namespace assay::collector
