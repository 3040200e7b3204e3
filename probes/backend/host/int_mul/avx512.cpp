// SPDX-License-Identifier: Apache-2.0
#include <immintrin.h>

#include "probes/backend/host/int_mul/variants.h"
#include "probes/catalogue/int_mul.h"

namespace assay::probes::host {
namespace {

// One iteration on eight lanes: the low half by the 64-bit multiplier (VPMULLQ), the high half out of four 32-bit
// products.
inline void iterate(__m512i& x, __m512i& h, __m512i a, __m512i c) {
  const __m512i low_half = _mm512_set1_epi64(0xFFFFFFFF);
  const __m512i x_high = _mm512_srli_epi64(x, 32);
  const __m512i a_high = _mm512_srli_epi64(a, 32);
  const __m512i p00 = _mm512_mul_epu32(x, a);
  const __m512i p01 = _mm512_mul_epu32(x, a_high);
  const __m512i p10 = _mm512_mul_epu32(x_high, a);
  const __m512i p11 = _mm512_mul_epu32(x_high, a_high);
  const __m512i middle = _mm512_add_epi64(p10, _mm512_srli_epi64(p00, 32));
  const __m512i middle2 = _mm512_add_epi64(p01, _mm512_and_si512(middle, low_half));
  const __m512i high =
      _mm512_add_epi64(_mm512_add_epi64(p11, _mm512_srli_epi64(middle, 32)), _mm512_srli_epi64(middle2, 32));
  const __m512i low = _mm512_mullo_epi64(x, a);
  x = _mm512_add_epi64(_mm512_xor_si512(_mm512_rol_epi64(low, 29), high), c);
  h = _mm512_rol_epi64(_mm512_add_epi64(h, x), 24);
}

}  // namespace

void int_mul_avx512(uint64_t* state, const uint64_t* params, uint32_t) {
  using namespace int_mul;
  __m512i x[2] = {_mm512_load_si512(state), _mm512_load_si512(state + 8)};
  __m512i h[2] = {_mm512_load_si512(state + 16), _mm512_load_si512(state + 24)};
  for (uint32_t i = 0; i < kIterations; ++i) {
    const uint64_t* a = params + (i % kRounds) * kLanes;
    const uint64_t* c = a + kRounds * kLanes;
    for (int v = 0; v < 2; ++v) iterate(x[v], h[v], _mm512_load_si512(a + 8 * v), _mm512_load_si512(c + 8 * v));
  }
  for (int v = 0; v < 2; ++v) {
    _mm512_store_si512(state + 8 * v, x[v]);
    _mm512_store_si512(state + kLanes + 8 * v, h[v]);
  }
}

}  // namespace assay::probes::host
