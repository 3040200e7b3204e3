// SPDX-License-Identifier: Apache-2.0
#include <immintrin.h>

#include "probes/backend/host/gather/variants.h"
#include "probes/catalogue/gather.h"

namespace assay::probes::host {
namespace {

inline __m512i fold(__m512i v, __m512i with) { return _mm512_rol_epi64(_mm512_add_epi64(v, with), 24); }

constexpr int kRegisters = 2;  // of eight lanes

// The first word of the rows of eight lanes from 8 v on.
inline __m512i rows(int v) {
  return _mm512_add_epi64(_mm512_setr_epi64(0, 64, 128, 192, 256, 320, 384, 448), _mm512_set1_epi64(512 * v));
}

// VPGATHERQQ under a mask, VPGATHERQD, VPGATHERQQ with VPSCATTERQQ, VPGATHERQD with VPSCATTERQD.
inline void iterate(__m512i* x, __m512i* h, uint64_t* table, const uint64_t* c) {
#pragma GCC unroll 2
  for (int v = 0; v < kRegisters; ++v) {
    const __mmask8 odd = _mm512_test_epi64_mask(h[v], _mm512_set1_epi64(1));
    const __m512i index = _mm512_srli_epi64(h[v], 54);
    x[v] = fold(x[v], _mm512_mask_i64gather_epi64(_mm512_load_si512(c + 8 * v), odd, index, table, 8));
  }
#pragma GCC unroll 2
  for (int v = 0; v < kRegisters; ++v) {
    const __m512i index = _mm512_and_si512(x[v], _mm512_set1_epi64(2047));
    h[v] = fold(h[v], _mm512_cvtepu32_epi64(_mm512_i64gather_epi32(index, table, 4)));
  }
#pragma GCC unroll 2
  for (int v = 0; v < kRegisters; ++v) {
    const __m512i index = _mm512_add_epi64(rows(v), _mm512_srli_epi64(x[v], 58));
    const __m512i old = _mm512_i64gather_epi64(index, table, 8);
    h[v] = fold(h[v], old);
    _mm512_i64scatter_epi64(table, index, fold(old, x[v]), 8);
  }
#pragma GCC unroll 2
  for (int v = 0; v < kRegisters; ++v) {
    const __m512i index = _mm512_add_epi64(_mm512_slli_epi64(rows(v), 1), _mm512_srli_epi64(h[v], 57));
    const __m256i old = _mm512_i64gather_epi32(index, table, 4);
    x[v] = fold(x[v], _mm512_cvtepu32_epi64(old));
    const __m256i sum = _mm256_add_epi32(old, _mm512_cvtepi64_epi32(h[v]));
    _mm512_i64scatter_epi32(table, index, _mm256_rol_epi32(sum, 11), 4);
  }
}

}  // namespace

void gather_avx512(uint64_t* state, const uint64_t* params, uint32_t) {
  using namespace gather;
  __m512i x[kRegisters] = {_mm512_load_si512(state), _mm512_load_si512(state + 8)};
  __m512i h[kRegisters] = {_mm512_load_si512(state + kLanes), _mm512_load_si512(state + kLanes + 8)};
  for (uint32_t i = 0; i < kIterations; ++i) iterate(x, h, state + kTableWord, params + (i % kRounds) * kLanes);
  for (int v = 0; v < kRegisters; ++v) {
    _mm512_store_si512(state + 8 * v, x[v]);
    _mm512_store_si512(state + kLanes + 8 * v, h[v]);
  }
}

}  // namespace assay::probes::host
