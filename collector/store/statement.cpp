// SPDX-License-Identifier: Apache-2.0
#include "collector/store/statement.h"

#include "collector/store/connection.h"

namespace assay::collector {

Query::~Query() {
  if (statement_ == nullptr) return;
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
}

Result<bool> Query::next() {
  column_ = 0;
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return connection_->error(code);
}

std::string Query::text() {
  // The bytes must be asked for after the text: the conversion may change them.
  const auto* bytes = sqlite3_column_text(statement_, column_);
  const int size = sqlite3_column_bytes(statement_, column_++);
  return bytes == nullptr ? std::string() : std::string(reinterpret_cast<const char*>(bytes), static_cast<size_t>(size));
}

std::string Query::blob() {
  const void* bytes = sqlite3_column_blob(statement_, column_);
  const int size = sqlite3_column_bytes(statement_, column_++);
  return bytes == nullptr ? std::string() : std::string(static_cast<const char*>(bytes), static_cast<size_t>(size));
}

void Query::bind(std::string_view value) {
  sqlite3_bind_text64(statement_, ++parameter_, value.data() == nullptr ? "" : value.data(), value.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
}

void Query::bind(Blob value) {
  sqlite3_bind_blob64(statement_, ++parameter_, value.bytes.data() == nullptr ? "" : value.bytes.data(), value.bytes.size(), SQLITE_TRANSIENT);
}

}  // namespace assay::collector
