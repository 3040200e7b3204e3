// SPDX-License-Identifier: Apache-2.0
// One open database: statements kept prepared, errors in words that name the file and the next step. Included by this folder only.
#pragma once

#include <sqlite3.h>

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "collector/store/statement.h"
#include "common/base/result.h"

namespace assay::collector {

enum class OpenMode : uint8_t { kReadWrite, kReadOnly };

// Single-threaded.
class Connection {
 public:
  static Result<std::unique_ptr<Connection>> open(const std::filesystem::path& path, OpenMode mode);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection();

  // The statement of that text, prepared once, with its parameters bound. Two uses of one text must not overlap.
  template <typename... Args>
  Result<Query> query(std::string_view sql, const Args&... args) {
    Query query = TRY(prepare(sql));
    (query.bind(args), ...);
    return query;
  }
  // Runs a statement that gives no rows.
  template <typename... Args>
  Status run(std::string_view sql, const Args&... args) {
    Query query = TRY(this->query(sql, args...));
    TRY(query.next());
    return {};
  }
  // Several statements, without parameters, not kept.
  Status script(const std::string& sql);
  // Rows changed by the last statement.
  uint64_t changes() const { return static_cast<uint64_t>(sqlite3_changes64(database_)); }
  bool in_transaction() const { return sqlite3_get_autocommit(database_) == 0; }
  // First column of the first row; absent when there is none.
  Result<std::optional<int64_t>> integer(std::string_view sql);

  Error error(int code) const;
  const std::filesystem::path& path() const { return path_; }

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };
  Connection(sqlite3* database, std::filesystem::path path) : database_(database), path_(std::move(path)) {}
  Result<Query> prepare(std::string_view sql);

  sqlite3* database_;
  std::filesystem::path path_;
  std::map<std::string, std::unique_ptr<sqlite3_stmt, Finalize>, std::less<>> statements_;
};

}  // namespace assay::collector
