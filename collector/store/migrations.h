// SPDX-License-Identifier: Apache-2.0
// The schema as numbered steps that only go forward. A released step never changes; a new one is added below it. Included by this
// folder only.
#pragma once

#include "collector/store/connection.h"
#include "common/base/result.h"

namespace assay::collector {

// 0 for an empty database; kInvalid for one that is not a collector's.
Result<int> schema_version(Connection& connection);
// Brings the schema to kSchemaVersion, each step in its own transaction; kUnsupported when it is newer already.
Status migrate(Connection& connection);

}  // namespace assay::collector
