// SPDX-License-Identifier: Apache-2.0
// Small facts about the machine the agent runs on, from /proc.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "common/base/fs_root.h"

namespace assay::agent {

// MemAvailable of /proc/meminfo; absent when the kernel does not tell.
std::optional<uint64_t> memory_available_bytes(const FsRoot& root);
// Random id of this boot, 36 characters; "unknown" when the kernel does not tell.
std::string boot_id(const FsRoot& root);

}  // namespace assay::agent
