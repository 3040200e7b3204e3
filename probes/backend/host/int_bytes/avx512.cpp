// SPDX-License-Identifier: Apache-2.0
// The instructions of VBMI, VBMI2 and BITALG that int_bytes.h names.
#include <immintrin.h>

#include "probes/backend/host/int_bytes/variants.h"
#include "probes/catalogue/int_bytes.h"

namespace assay::probes::host {
namespace {

inline __m512i fold(__m512i v, __m512i with) { return _mm512_rol_epi64(_mm512_add_epi64(v, with), 24); }
inline uint64_t rotate_left(uint64_t word, int by) { return word << by | word >> (64 - by); }

// The first so many lanes as there are ones in the mask: 64 ones move a one out.
inline __mmask64 first_lanes(uint64_t mask) {
  const int count = __builtin_popcountll(mask);
  return count == 64 ? ~uint64_t{0} : (uint64_t{1} << count) - 1;
}
inline __m512i part(__m512i x, __mmask64 mask) {
  const __m512i behind = _mm512_maskz_compress_epi8(~mask, x);
  return _mm512_mask_expand_epi8(_mm512_maskz_compress_epi8(mask, x), ~first_lanes(mask), behind);
}
inline __m512i join(__m512i y, __mmask64 mask) {
  const __m512i behind = _mm512_maskz_compress_epi8(~first_lanes(mask), y);
  return _mm512_mask_expand_epi8(_mm512_maskz_expand_epi8(mask, y), ~mask, behind);
}

inline void iterate(__m512i& x, __m512i& y, uint64_t& k, const uint64_t* round) {
  const __m512i c = _mm512_load_si512(round + int_bytes::kC);
  const __m512i* q = reinterpret_cast<const __m512i*>(round + int_bytes::kQ);
  __m512i s = _mm512_xor_si512(c, _mm512_set1_epi64(static_cast<int64_t>(k)));
  y = fold(y, _mm512_multishift_epi64_epi8(s, x));
  const __m512i order = _mm512_xor_si512(_mm512_load_si512(round), _mm512_set1_epi8(static_cast<char>(k & 63)));
  x = _mm512_permutexvar_epi8(order, x);
  k = rotate_left(k + _mm512_bitshuffle_epi64_mask(y, s), 24);
  s = _mm512_xor_si512(c, _mm512_set1_epi64(static_cast<int64_t>(k)));
  y = fold(y, _mm512_shldv_epi64(x, c, s));
  y = fold(y, _mm512_shrdv_epi16(x, c, s));
  x = part(x, k);
  y = join(y, rotate_left(k, 17));
  const __m512i next = _mm512_permutex2var_epi8(x, _mm512_load_si512(q), y);
  y = _mm512_permutex2var_epi8(x, _mm512_load_si512(q + 1), y);
  x = fold(fold(next, _mm512_popcnt_epi8(y)), _mm512_popcnt_epi16(y));
}

}  // namespace

void int_bytes_avx512(uint64_t* state, const uint64_t* params, uint32_t) {
  using namespace int_bytes;
  __m512i x[kChains];
  __m512i y[kChains];
  uint64_t k[kChains];
  for (uint32_t v = 0; v < kChains; ++v) {
    x[v] = _mm512_load_si512(state + v * kVectorWords);
    y[v] = _mm512_load_si512(state + kY + v * kVectorWords);
    k[v] = state[kK + v];
  }
  for (uint32_t i = 0; i < kIterations; ++i) {
    const uint64_t* round = params + (i % kRounds) * kRoundWords;
#pragma GCC unroll 4
    for (uint32_t v = 0; v < kChains; ++v) iterate(x[v], y[v], k[v], round);
  }
  for (uint32_t v = 0; v < kChains; ++v) {
    _mm512_store_si512(state + v * kVectorWords, x[v]);
    _mm512_store_si512(state + kY + v * kVectorWords, y[v]);
    state[kK + v] = k[v];
  }
}

}  // namespace assay::probes::host
