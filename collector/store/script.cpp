// SPDX-License-Identifier: Apache-2.0
#include "collector/store/script.h"

#include "collector/store/connection.h"
#include "common/base/file.h"

namespace assay::collector {

Status make_database(const std::filesystem::path& path, const std::string& sql) {
  if (std::filesystem::exists(path)) return make_error(ErrorCode::kConflict, path.string() + " exists");
  TRY(write_file_atomic(path, "", 0600));
  auto connection = TRY(Connection::open(path, OpenMode::kReadWrite));
  return connection->script(sql);
}

}  // namespace assay::collector
