// SPDX-License-Identifier: Apache-2.0
// A database from SQL text, as `sqlite3 FILE < TEXT` makes it: for the stored databases of older releases that the migration tests
// start from.
#pragma once

#include <filesystem>
#include <string>

#include "common/base/result.h"

namespace assay::collector {

// kConflict when the file exists already.
Status make_database(const std::filesystem::path& path, const std::string& sql);

}  // namespace assay::collector
