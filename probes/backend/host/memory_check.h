// SPDX-License-Identifier: Apache-2.0
// Whether the memory of a slice can be had without pushing the machine's real work out.
#pragma once

#include <cstdint>
#include <optional>

#include "common/base/fs_root.h"

namespace assay::probes::host {

// Left alone by probes at all times.
inline constexpr uint64_t kMemoryReserveBytes = 64 * 1024 * 1024;

// MemAvailable of /proc/meminfo; absent when the kernel does not tell.
std::optional<uint64_t> available_memory_bytes(const FsRoot& root);

// True when that much can be had and the reserve stays, or when the kernel does not tell.
bool memory_suffices(const FsRoot& root, uint64_t needed_bytes);

}  // namespace assay::probes::host
