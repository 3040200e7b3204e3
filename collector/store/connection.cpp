// SPDX-License-Identifier: Apache-2.0
#include "collector/store/connection.h"

#include <fmt/format.h>

namespace assay::collector {
namespace {

// Of the writer for a checkpoint's readers, and of a reader for a schema change: both are over in moments.
constexpr int kBusyMilliseconds = 5000;

}  // namespace

Result<std::unique_ptr<Connection>> Connection::open(const std::filesystem::path& path, OpenMode mode) {
  const int flags = (mode == OpenMode::kReadOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE) | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  sqlite3* database = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &database, flags, nullptr);
  if (database == nullptr) return make_error(ErrorCode::kInternal, fmt::format("store {}: no memory to open it", path.string()));
  std::unique_ptr<Connection> connection(new Connection(database, path));
  if (code != SQLITE_OK) return connection->error(code);
  sqlite3_busy_timeout(database, kBusyMilliseconds);
  TRY(connection->script("PRAGMA temp_store=MEMORY; PRAGMA cache_size=-8192;"));
  return connection;
}

Connection::~Connection() {
  statements_.clear();
  sqlite3_close_v2(database_);
}

Result<Query> Connection::prepare(std::string_view sql) {
  const auto known = statements_.find(sql);
  if (known != statements_.end()) return Query(*this, known->second.get());
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v3(database_, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  if (code != SQLITE_OK) return error(code);
  statements_.emplace(std::string(sql), std::unique_ptr<sqlite3_stmt, Finalize>(statement));
  return Query(*this, statement);
}

Status Connection::script(const std::string& sql) {
  const int code = sqlite3_exec(database_, sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return error(code);
  return {};
}

Result<std::optional<int64_t>> Connection::integer(std::string_view sql) {
  Query query = TRY(this->query(sql));
  if (!TRY(query.next())) return std::optional<int64_t>{};
  return query.optional_integer();
}

Error Connection::error(int code) const {
  const std::string said = sqlite3_errmsg(database_);
  const auto say = [&](ErrorCode kind, std::string_view next) {
    return make_error(kind, fmt::format("store {}: {}; {}", path_.string(), said, next));
  };
  switch (code & 0xFF) {
    case SQLITE_FULL: return say(ErrorCode::kUnavailable, "free space on its disk; nothing that was acknowledged is lost");
    case SQLITE_IOERR:
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_CANTOPEN: return say(ErrorCode::kUnavailable, "check that the file and its folder can be written and the disk is sound");
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return say(ErrorCode::kConflict, "another program holds it; stop that program");
    case SQLITE_CONSTRAINT: return say(ErrorCode::kConflict, "a row of that key exists");
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return say(ErrorCode::kCorrupt, "stop the collector, then restore the file from a backup or move it away (docs/reference/store.md, Repair)");
    default: return say(ErrorCode::kInternal, fmt::format("this is a bug or a broken library (sqlite code {})", code));
  }
}

}  // namespace assay::collector
