// SPDX-License-Identifier: Apache-2.0
// Whether the memory of a slice can be had without pushing real work out: neither the machine's nor that of the cgroup we live in.
#pragma once

#include <cstdint>
#include <optional>

#include "common/base/fs_root.h"

namespace assay::probes::host {

// Left alone by probes at all times.
inline constexpr uint64_t kMemoryReserveBytes = 64 * 1024 * 1024;

// MemAvailable of /proc/meminfo; absent when the kernel does not tell.
std::optional<uint64_t> available_memory_bytes(const FsRoot& root);

// What the memory cgroup of this process and those above it still allow: the least, over all of them, of limit - usage + file pages that are
// not in use (inactive_file, which the kernel gives up first). Version 2: memory.max and memory.high; version 1:
// memory.limit_in_bytes. Absent without a limit. See "cgroup-v2" and "cgroup-v1/memory" of the kernel's admin guide.
std::optional<uint64_t> cgroup_memory_bytes(const FsRoot& root);

// True when that much can be had from both and as much again, at least the reserve, stays: large probes do not make a machine that is
// nearly full a full one. What the kernel does not tell does not forbid.
bool memory_suffices(const FsRoot& root, uint64_t needed_bytes);

}  // namespace assay::probes::host
