// SPDX-License-Identifier: Apache-2.0
// Pushes cache lines out to memory, so that the next read comes from there: tells a wrong value in memory from one that was only
// read wrong.
#pragma once

#include <cstddef>

namespace assay::probes::host {

// Writes back and invalidates every cache line that the range touches, in all caches of the coherence domain. No effect on
// architectures where user code may not (the next read then tells nothing new).
void flush_from_caches(const void* start, size_t size_bytes);

}  // namespace assay::probes::host
