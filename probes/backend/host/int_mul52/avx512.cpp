// SPDX-License-Identifier: Apache-2.0
#include <immintrin.h>

#include "probes/backend/host/int_mul52/variants.h"
#include "probes/catalogue/int_mul52.h"

namespace assay::probes::host {
namespace {

// VPMADD52LUQ and VPMADD52HUQ; the addition of the fold is theirs.
inline __m512i take_in(__m512i words, __m512i a, __m512i with) {
  const __m512i b = _mm512_xor_si512(_mm512_srli_epi64(a, 12), with);
  words = _mm512_rol_epi64(_mm512_madd52lo_epu64(words, a, b), 24);
  return _mm512_rol_epi64(_mm512_madd52hi_epu64(words, a, b), 24);
}

}  // namespace

void int_mul52_avx512(uint64_t* state, const uint64_t* params, uint32_t) {
  using namespace int_mul52;
  __m512i x[2] = {_mm512_load_si512(state), _mm512_load_si512(state + 8)};
  __m512i y[2] = {_mm512_load_si512(state + kLanes), _mm512_load_si512(state + kLanes + 8)};
  for (uint32_t i = 0; i < kIterations; ++i) {
    const uint64_t* c = params + (i % kRounds) * kLanes;
    const uint64_t* d = c + kRounds * kLanes;
    for (int v = 0; v < 2; ++v) {
      y[v] = take_in(y[v], x[v], _mm512_load_si512(c + 8 * v));
      x[v] = take_in(x[v], y[v], _mm512_load_si512(d + 8 * v));
    }
  }
  for (int v = 0; v < 2; ++v) {
    _mm512_store_si512(state + 8 * v, x[v]);
    _mm512_store_si512(state + kLanes + 8 * v, y[v]);
  }
}

}  // namespace assay::probes::host
