// SPDX-License-Identifier: Apache-2.0
// SQLite's statements behind values: parameters bound in order, columns read in order. Included by this folder only.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "common/base/clock.h"
#include "common/base/result.h"

namespace assay::collector {

class Connection;

// Bytes that are no text.
struct Blob {
  std::string_view bytes;
};

// One use of a prepared statement: bound, stepped, and reset when it goes out of scope. Columns are read left to right; reading starts
// over with each row. A column of another type reads as SQLite converts it.
class Query {
 public:
  Query(Connection& connection, sqlite3_stmt* statement) : connection_(&connection), statement_(statement) {}
  Query(Query&& other) noexcept : connection_(other.connection_), statement_(std::exchange(other.statement_, nullptr)), column_(other.column_) {}
  Query& operator=(Query&&) = delete;
  ~Query();

  // True: there is a row to read. False: done.
  Result<bool> next();

  int64_t integer() { return sqlite3_column_int64(statement_, column_++); }
  uint64_t count() { return static_cast<uint64_t>(integer()); }
  uint32_t u32() { return static_cast<uint32_t>(integer()); }
  bool flag() { return integer() != 0; }
  double real() { return sqlite3_column_double(statement_, column_++); }
  std::string text();
  std::string blob();
  WallTime time() { return WallTime{Duration{integer()}}; }
  Duration duration() { return Duration{integer()}; }
  std::optional<double> optional_real() { return is_null() ? skip<double>() : std::optional(real()); }
  std::optional<int64_t> optional_integer() { return is_null() ? skip<int64_t>() : std::optional(integer()); }
  std::optional<WallTime> optional_time() { return is_null() ? skip<WallTime>() : std::optional(time()); }
  std::optional<std::string> optional_text() { return is_null() ? skip<std::string>() : std::optional(text()); }

  // Parameters, in order. Text and blobs are copied.
  void bind(int64_t value) { sqlite3_bind_int64(statement_, ++parameter_, value); }
  void bind(double value) { sqlite3_bind_double(statement_, ++parameter_, value); }
  void bind(std::string_view value);
  void bind(Blob value);
  void bind(WallTime value) { bind(int64_t{value.time_since_epoch().count()}); }
  void bind(Duration value) { bind(int64_t{value.count()}); }
  template <typename T>
    requires std::is_integral_v<T> && (!std::is_same_v<T, int64_t>)
  void bind(T value) { bind(static_cast<int64_t>(value)); }
  void bind(const std::string& value) { bind(std::string_view(value)); }
  void bind(const char* value) { bind(std::string_view(value)); }
  template <typename T>
  void bind(const std::optional<T>& value) {
    if (value) {
      bind(*value);
    } else {
      sqlite3_bind_null(statement_, ++parameter_);
    }
  }

 private:
  bool is_null() const { return sqlite3_column_type(statement_, column_) == SQLITE_NULL; }
  template <typename T>
  std::optional<T> skip() { ++column_; return std::nullopt; }

  Connection* connection_;
  sqlite3_stmt* statement_;
  int parameter_ = 0;
  int column_ = 0;
};

}  // namespace assay::collector
