// SPDX-License-Identifier: Apache-2.0
// Whether a file can be changed by nobody but its trusted owner: asked before a program that a configuration names is run.
#pragma once

#include <sys/types.h>

#include <filesystem>

#include "common/base/result.h"

namespace assay {

// The path is absolute and without links, "." or ".."; the file is regular and executable; it and every directory above it belong to root or
// to `owner`, and neither group nor others may write to them (a directory with the sticky bit may be writable, as /tmp is). kNotFound, or
// kPermission naming the part that is not trusted.
Status check_trusted_program(const std::filesystem::path& program, uid_t owner);

}  // namespace assay
