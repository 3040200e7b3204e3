// SPDX-License-Identifier: Apache-2.0
#include <nmmintrin.h>

#include "probes/backend/host/crc32c/variants.h"
#include "probes/catalogue/crc32c.h"

namespace assay::probes::host {

// The SSE4.2 instruction, eight chains at once because its latency is a few cycles.
void crc32c_sse(uint64_t* state, const uint64_t* data, uint32_t) {
  using namespace crc32c;
  uint64_t crc[kLanes];
  for (uint32_t lane = 0; lane < kLanes; ++lane) crc[lane] = state[lane];
  for (uint32_t k = 0; k < kDataWords; ++k) {
#pragma GCC unroll 8
    for (uint32_t lane = 0; lane < kLanes; ++lane) {
      const uint64_t word = data[(k + kLaneDistance * lane) % kDataWords];
      crc[lane] = _mm_crc32_u64(crc[lane], word);
    }
  }
  for (uint32_t lane = 0; lane < kLanes; ++lane) state[lane] = crc[lane];
}

}  // namespace assay::probes::host
