// SPDX-License-Identifier: Apache-2.0
// Which programs the collector may run: only those an administrator put into one directory that nobody else can write.
#pragma once

#include <filesystem>

#include "common/base/result.h"

namespace assay::collector {

// Fine when `program` may be run as a hook: an absolute path to a regular, executable file (no symbolic link in its place)
// that lies directly in `directory`; file and directory belong to root or to the user of this process and are writable by
// their owner alone. kPermission or kNotFound with the first reason otherwise, and what to do. Checked at start and again
// before each run.
Status check_hook_program(const std::filesystem::path& program, const std::filesystem::path& directory);

}  // namespace assay::collector
