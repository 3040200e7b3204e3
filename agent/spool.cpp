// SPDX-License-Identifier: Apache-2.0
#include "agent/spool.h"

#include <sqlite3.h>

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "common/base/check.h"
#include "common/base/parse.h"
#include "common/crypto/secret.h"

namespace assay::agent {
namespace {

constexpr int kSchema = 1;
constexpr uint64_t kPageBytes = 4096;
constexpr size_t kPendingRemovals = 64;

constexpr char kCreate[] = R"(
BEGIN IMMEDIATE;
CREATE TABLE meta(key TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE state(key TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE reports(id INTEGER PRIMARY KEY AUTOINCREMENT, stream TEXT NOT NULL, sequence INTEGER NOT NULL,
  class INTEGER NOT NULL, aside INTEGER NOT NULL DEFAULT 0, bytes BLOB NOT NULL);
PRAGMA user_version = 1;
COMMIT;
)";

ErrorCode code_of(int sqlite_code) {
  switch (sqlite_code & 0xFF) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return ErrorCode::kCorrupt;
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_CANTOPEN: return ErrorCode::kUnavailable;
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH: return ErrorCode::kPermission;
    default: return ErrorCode::kInternal;
  }
}

// One prepared statement, run once or stepped over.
class Statement {
 public:
  Statement(sqlite3* db, const char* sql) : db_(db) { code_ = sqlite3_prepare_v2(db, sql, -1, &statement_, nullptr); }
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;
  ~Statement() { sqlite3_finalize(statement_); }

  Statement& bind(int at, uint64_t value) {
    if (statement_ != nullptr) sqlite3_bind_int64(statement_, at, static_cast<sqlite3_int64>(value));
    return *this;
  }
  Statement& bind_text(int at, const std::string& value) {
    if (statement_ != nullptr) sqlite3_bind_text(statement_, at, value.data(), static_cast<int>(value.size()), SQLITE_STATIC);
    return *this;
  }
  Statement& bind_blob(int at, const std::string& value) {
    if (statement_ != nullptr) sqlite3_bind_blob(statement_, at, value.data(), static_cast<int>(value.size()), SQLITE_STATIC);
    return *this;
  }
  // True while there is a row.
  Result<bool> step() {
    if (statement_ != nullptr) code_ = sqlite3_step(statement_);
    if (code_ == SQLITE_ROW) return true;
    if (code_ == SQLITE_DONE) return false;
    return make_error(code_of(code_), fmt::format("spool: {}", sqlite3_errmsg(db_)));
  }
  Status run() {
    TRY(step());
    return {};
  }
  uint64_t number(int column) const { return static_cast<uint64_t>(sqlite3_column_int64(statement_, column)); }
  std::string bytes(int column) const {
    const auto* data = static_cast<const char*>(sqlite3_column_blob(statement_, column));
    return data == nullptr ? std::string() : std::string(data, static_cast<size_t>(sqlite3_column_bytes(statement_, column)));
  }

 private:
  sqlite3* db_;
  sqlite3_stmt* statement_ = nullptr;
  int code_ = SQLITE_OK;
};

struct CloseDatabase {
  void operator()(sqlite3* db) const { sqlite3_close_v2(db); }
};
using Database = std::unique_ptr<sqlite3, CloseDatabase>;

Status execute(sqlite3* db, const std::string& sql) {
  const int code = sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr);
  if (code == SQLITE_OK) return {};
  return make_error(code_of(code), fmt::format("spool: {}", sqlite3_errmsg(db)));
}

uint32_t pages_for(const SpoolOptions& options) {
  if (options.max_pages > 0) return options.max_pages;
  // Reports, a quarter for what SQLite needs around them, and a megabyte for the state.
  return static_cast<uint32_t>((options.max_bytes + options.max_bytes / 4 + (1U << 20)) / kPageBytes);
}

// All or nothing: rolls back unless committed.
class Transaction {
 public:
  explicit Transaction(sqlite3* db) : db_(db), begun_(execute(db, "BEGIN IMMEDIATE")) {}
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction() {
    if (open_ && begun_.ok()) [[maybe_unused]] const Status undone = execute(db_, "ROLLBACK");
  }
  const Status& begun() const { return begun_; }
  Status commit() {
    TRY(execute(db_, "COMMIT"));
    open_ = false;
    return {};
  }

 private:
  sqlite3* db_;
  Status begun_;
  bool open_ = true;
};

}  // namespace

class Spool::Impl {
 public:
  Impl(Database db, const SpoolOptions& options) : db_(std::move(db)), options_(options) {}

  Status load();
  Status append(ReportClass report_class, const std::string& bytes, const SpoolState& state);
  Status append_foreign(const SpooledReport& report);
  Status put(const SpoolState& state);
  Result<std::optional<std::string>> state(const std::string& key);
  Result<std::optional<SpooledReport>> oldest();
  void remove(const SpooledReport& report);
  void set_aside(const SpooledReport& report);
  Status flush();

  std::string stream_;
  uint64_t next_sequence_ = 1;
  SpoolFacts facts_;
  std::optional<std::filesystem::path> moved_aside_;
  uint64_t max_bytes() const { return options_.max_bytes; }
  void set_max_bytes(uint64_t bytes);

 private:
  Result<SpoolFacts> make_room(uint64_t wanted);
  Status insert(const SpooledReport& report);
  Status put_rows(const SpoolState& state);
  Status put_counters(uint64_t next_sequence, uint64_t dropped);
  Status remove_pending();

  Database db_;
  SpoolOptions options_;
  uint64_t read_after_ = 0;                // id of the last report that was removed or set aside
  std::vector<uint64_t> pending_removals_;
};

Status Spool::Impl::load() {
  {
    Statement meta(db_.get(), "SELECT key, value FROM meta");
    while (TRY(meta.step())) {
      const std::string key = meta.bytes(0);
      if (key == "stream") stream_ = meta.bytes(1);
      if (key == "next_sequence") next_sequence_ = meta.number(1);
      if (key == "dropped") facts_.dropped = meta.number(1);
    }
  }
  if (stream_.empty()) {
    stream_ = crypto::random_hex(16);
    Statement insert(db_.get(), "INSERT INTO meta(key, value) VALUES('stream', ?)");
    TRY(insert.bind_text(1, stream_).run());
  }
  Statement sums(db_.get(), "SELECT aside, count(*), coalesce(sum(length(bytes)), 0), max(sequence) FROM reports GROUP BY aside");
  while (TRY(sums.step())) {
    if (sums.number(0) != 0) {
      facts_.rejected = sums.number(1);
    } else {
      facts_.reports = sums.number(1);
    }
    facts_.bytes += sums.number(2);
  }
  return {};
}

void Spool::Impl::set_max_bytes(uint64_t bytes) {
  options_.max_bytes = bytes;
  [[maybe_unused]] const Status set = execute(db_.get(), fmt::format("PRAGMA max_page_count = {}", pages_for(options_)));
}

// Within a transaction: drops the oldest rollups until `wanted` more bytes fit; what the facts will be if it commits.
Result<SpoolFacts> Spool::Impl::make_room(uint64_t wanted) {
  SpoolFacts facts = facts_;
  while (facts.bytes + wanted > options_.max_bytes) {
    Statement victim(db_.get(), "SELECT id, length(bytes) FROM reports WHERE class = 0 AND aside = 0 AND id > ? ORDER BY id LIMIT 1");
    if (!TRY(victim.bind(1, read_after_).step())) break;
    const uint64_t size = victim.number(1);
    Statement erase(db_.get(), "DELETE FROM reports WHERE id = ?");
    TRY(erase.bind(1, victim.number(0)).run());
    facts.bytes -= std::min(facts.bytes, size);
    facts.reports -= std::min<uint64_t>(facts.reports, 1);
    ++facts.dropped;
  }
  return facts;
}

Status Spool::Impl::insert(const SpooledReport& report) {
  Statement insert(db_.get(), "INSERT INTO reports(stream, sequence, class, bytes) VALUES(?, ?, ?, ?)");
  return insert.bind_text(1, report.stream)
      .bind(2, report.sequence)
      .bind(3, report.report_class == ReportClass::kEvidence ? 1 : 0)
      .bind_blob(4, report.bytes)
      .run();
}

Status Spool::Impl::put_rows(const SpoolState& state) {
  for (const auto& [key, value] : state) {
    Statement put(db_.get(), "INSERT INTO state(key, value) VALUES(?, ?) ON CONFLICT(key) DO UPDATE SET value = excluded.value");
    TRY(put.bind_text(1, key).bind_blob(2, value).run());
  }
  return {};
}

Status Spool::Impl::put_counters(uint64_t next_sequence, uint64_t dropped) {
  Statement put(db_.get(), "INSERT INTO meta(key, value) VALUES('next_sequence', ?), ('dropped', ?) "
                           "ON CONFLICT(key) DO UPDATE SET value = excluded.value");
  return put.bind(1, next_sequence).bind(2, dropped).run();
}

Status Spool::Impl::remove_pending() {
  for (const uint64_t id : pending_removals_) {
    Statement erase(db_.get(), "DELETE FROM reports WHERE id = ?");
    TRY(erase.bind(1, id).run());
  }
  return {};
}

Status Spool::Impl::append(ReportClass report_class, const std::string& bytes, const SpoolState& state) {
  Transaction transaction(db_.get());
  if (!transaction.begun()) return transaction.begun();
  TRY(remove_pending());
  SpoolFacts facts = TRY(make_room(bytes.size()));
  const bool fits = facts.bytes + bytes.size() <= options_.max_bytes;
  if (!fits && report_class == ReportClass::kEvidence) {
    return make_error(ErrorCode::kLimit, "spool: full of evidence; bring the collector back or raise [spool] max_mib");
  }
  if (fits) {
    TRY(insert({0, stream_, next_sequence_, report_class, bytes}));
    facts.bytes += bytes.size();
    ++facts.reports;
  } else {
    ++facts.dropped;
  }
  TRY(put_rows(state));
  TRY(put_counters(next_sequence_ + 1, facts.dropped));
  TRY(transaction.commit());
  ++next_sequence_;
  facts_ = facts;
  pending_removals_.clear();
  return {};
}

Status Spool::Impl::append_foreign(const SpooledReport& report) {
  Transaction transaction(db_.get());
  if (!transaction.begun()) return transaction.begun();
  TRY(remove_pending());
  SpoolFacts facts = TRY(make_room(report.bytes.size()));
  if (facts.bytes + report.bytes.size() > options_.max_bytes) return make_error(ErrorCode::kLimit, "spool: full of evidence");
  TRY(insert(report));
  TRY(put_counters(next_sequence_, facts.dropped));
  TRY(transaction.commit());
  facts.bytes += report.bytes.size();
  ++facts.reports;
  facts_ = facts;
  pending_removals_.clear();
  return {};
}

Status Spool::Impl::put(const SpoolState& state) {
  Transaction transaction(db_.get());
  if (!transaction.begun()) return transaction.begun();
  TRY(remove_pending());
  TRY(put_rows(state));
  TRY(transaction.commit());
  pending_removals_.clear();
  return {};
}

Result<std::optional<std::string>> Spool::Impl::state(const std::string& key) {
  Statement find(db_.get(), "SELECT value FROM state WHERE key = ?");
  if (!TRY(find.bind_text(1, key).step())) return std::optional<std::string>();
  return std::optional<std::string>(find.bytes(0));
}

Result<std::optional<SpooledReport>> Spool::Impl::oldest() {
  Statement find(db_.get(), "SELECT id, stream, sequence, class, bytes FROM reports WHERE aside = 0 AND id > ? ORDER BY id LIMIT 1");
  if (!TRY(find.bind(1, read_after_).step())) return std::optional<SpooledReport>();
  SpooledReport report;
  report.id = find.number(0);
  report.stream = find.bytes(1);
  report.sequence = find.number(2);
  report.report_class = find.number(3) != 0 ? ReportClass::kEvidence : ReportClass::kRollup;
  report.bytes = find.bytes(4);
  return std::optional<SpooledReport>(std::move(report));
}

void Spool::Impl::remove(const SpooledReport& report) {
  ASSAY_CHECK(report.id != 0);
  if (report.id <= read_after_) return;
  read_after_ = report.id;
  pending_removals_.push_back(report.id);
  facts_.bytes -= std::min<uint64_t>(facts_.bytes, report.bytes.size());
  facts_.reports -= std::min<uint64_t>(facts_.reports, 1);
  // More than a few waiting means a backlog is being sent: then one transaction for many.
  if (pending_removals_.size() >= kPendingRemovals) [[maybe_unused]] const Status later = flush();
}

void Spool::Impl::set_aside(const SpooledReport& report) {
  ASSAY_CHECK(report.id != 0);
  if (report.id <= read_after_) return;
  read_after_ = report.id;
  facts_.reports -= std::min<uint64_t>(facts_.reports, 1);
  ++facts_.rejected;
  Statement mark(db_.get(), "UPDATE reports SET aside = 1 WHERE id = ?");
  [[maybe_unused]] const Status marked = mark.bind(1, report.id).run();  // if not, it is tried once more after a restart
}

Status Spool::Impl::flush() {
  if (pending_removals_.empty()) return {};
  return put({});
}

namespace {

Result<Database> connect(const std::filesystem::path& path, const SpoolOptions& options) {
  sqlite3* raw = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &raw, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
  Database db(raw);
  if (code != SQLITE_OK) return make_error(code_of(code), fmt::format("{}: {}", path.string(), sqlite3_errstr(code)));
  sqlite3_extended_result_codes(raw, 1);
  sqlite3_busy_timeout(raw, 1000);
  TRY(execute(raw, fmt::format("PRAGMA page_size = {}; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -256; "
                               "PRAGMA wal_autocheckpoint = 256; PRAGMA journal_size_limit = 2097152; PRAGMA max_page_count = {}",
                               kPageBytes, pages_for(options))));
  {
    Statement check(raw, "PRAGMA quick_check(1)");
    if (!TRY(check.step()) || check.bytes(0) != "ok") return make_error(ErrorCode::kCorrupt, fmt::format("{}: {}", path.string(), check.bytes(0)));
  }
  uint64_t version = 0;
  {
    Statement ask(raw, "PRAGMA user_version");
    if (TRY(ask.step())) version = ask.number(0);
  }
  if (version > kSchema) {
    return make_error(ErrorCode::kUnsupported, fmt::format("{}: written by a later release (schema {}, this one knows {}); upgrade the agent, or "
                                                           "move the file away", path.string(), version, kSchema));
  }
  if (version == 0) TRY(execute(raw, kCreate));
  return db;
}

// Renames the database and what belongs to it; never deletes.
std::filesystem::path move_away(const std::filesystem::path& path, WallTime now) {
  const std::filesystem::path aside = fmt::format("{}.corrupt-{}", path.string(), to_unix_ms(now));
  std::error_code ignored;
  std::filesystem::rename(path, aside, ignored);
  for (const char* suffix : {"-wal", "-shm"}) std::filesystem::rename(path.string() + suffix, aside.string() + suffix, ignored);
  return aside;
}

}  // namespace

Result<Spool> Spool::open(const SpoolOptions& options, WallTime now) {
  const std::filesystem::path path = options.directory / "spool.db";
  std::optional<std::filesystem::path> moved;
  for (;;) {
    auto db = connect(path, options);
    Status loaded;
    std::unique_ptr<Impl> impl;
    if (db.ok()) {
      impl = std::make_unique<Impl>(std::move(*db), options);
      loaded = impl->load();
    } else {
      loaded = db.error();
    }
    if (loaded.ok()) {
      impl->moved_aside_ = moved;
      return Spool(std::move(impl));
    }
    if (loaded.error().code != ErrorCode::kCorrupt || moved) return loaded.error();
    impl.reset();
    moved = move_away(path, now);
  }
}

Spool::Spool(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Spool::Spool(Spool&&) noexcept = default;
Spool& Spool::operator=(Spool&&) noexcept = default;
Spool::~Spool() {
  if (impl_) [[maybe_unused]] const Status flushed = impl_->flush();
}

const std::string& Spool::stream() const { return impl_->stream_; }
uint64_t Spool::next_sequence() const { return impl_->next_sequence_; }
const std::optional<std::filesystem::path>& Spool::moved_aside() const { return impl_->moved_aside_; }
Status Spool::append(ReportClass report_class, const std::string& bytes, const SpoolState& state) { return impl_->append(report_class, bytes, state); }
Status Spool::append_foreign(const SpooledReport& report) { return impl_->append_foreign(report); }
Status Spool::put(const SpoolState& state) { return impl_->put(state); }
Result<std::optional<std::string>> Spool::state(const std::string& key) { return impl_->state(key); }
Result<std::optional<SpooledReport>> Spool::oldest() { return impl_->oldest(); }
void Spool::remove(const SpooledReport& report) { impl_->remove(report); }
void Spool::set_aside(const SpooledReport& report) { impl_->set_aside(report); }
Status Spool::flush() { return impl_->flush(); }
SpoolFacts Spool::facts() const { return impl_->facts_; }
void Spool::set_max_bytes(uint64_t max_bytes) { impl_->set_max_bytes(max_bytes); }

}  // namespace assay::agent
