// SPDX-License-Identifier: Apache-2.0
// What is forgotten, and when. Decisions, incidents and kept observations never are. Included by this folder only.
#pragma once

#include "collector/store/connection.h"
#include "collector/store/rows.h"

namespace assay::collector {

// Deletes at most `batch` rows of each class; gives how many in all.
Result<uint64_t> delete_old_rows(Connection& connection, const Retention& retention, WallTime now, uint32_t batch);

}  // namespace assay::collector
