// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/cache_flush.h"

#include <cstdint>

#if defined(__x86_64__)
#include <emmintrin.h>
#endif

namespace assay::probes::host {

void flush_from_caches(const void* start, size_t size_bytes) {
  constexpr uintptr_t kLineBytes = 64;  // x86, and the smallest line of Arm server cores: a shorter stride than the line only repeats
  const uintptr_t end = reinterpret_cast<uintptr_t>(start) + size_bytes;
  for (uintptr_t line = reinterpret_cast<uintptr_t>(start) & ~(kLineBytes - 1); line < end; line += kLineBytes) {
#if defined(__x86_64__)
    _mm_clflush(reinterpret_cast<const void*>(line));  // NOLINT(performance-no-int-to-ptr): a line inside the caller's range
#elif defined(__aarch64__)
    __asm__ volatile("dc civac, %0" : : "r"(line) : "memory");
#endif
  }
#if defined(__x86_64__)
  _mm_mfence();
#elif defined(__aarch64__)
  __asm__ volatile("dsb sy" : : : "memory");
#endif
}

}  // namespace assay::probes::host
