// SPDX-License-Identifier: Apache-2.0
#include <immintrin.h>

#include "probes/backend/host/shuffle/variants.h"
#include "probes/catalogue/shuffle.h"

namespace assay::probes::host {

// VPSHUFB, VPERMD and VPERMQ across the whole register, VPADDQ.
void shuffle_avx512(uint64_t* state, const uint64_t* params, uint32_t) {
  using namespace shuffle;
  // Lanes of the upper half stay there: 8 is added to their indices.
  const __m512i upper = _mm512_setr_epi32(0, 0, 0, 0, 0, 0, 0, 0, 8, 8, 8, 8, 8, 8, 8, 8);
  const __m512i zip = _mm512_setr_epi64(0, 4, 1, 5, 2, 6, 3, 7);
  __m512i x[kVectors];
#pragma GCC unroll 8
  for (uint32_t v = 0; v < kVectors; ++v) x[v] = _mm512_load_si512(state + v * kWordsPerVector);
  for (uint32_t i = 0; i < kIterations; ++i) {
    const uint64_t* round = params + (i % kRounds) * kRoundWords;
    const __m512i bytes = _mm512_load_si512(round);
    const __m512i lanes = _mm512_add_epi32(_mm512_load_si512(round + kLaneIndexWord), upper);
    const __m512i constants = _mm512_load_si512(round + kConstantWord);
#pragma GCC unroll 8
    for (uint32_t v = 0; v < kVectors; ++v) {
      const __m512i permuted = _mm512_permutexvar_epi32(lanes, _mm512_shuffle_epi8(x[v], bytes));
      x[v] = _mm512_add_epi64(_mm512_permutexvar_epi64(zip, permuted), constants);
    }
  }
#pragma GCC unroll 8
  for (uint32_t v = 0; v < kVectors; ++v) _mm512_store_si512(state + v * kWordsPerVector, x[v]);
}

}  // namespace assay::probes::host
