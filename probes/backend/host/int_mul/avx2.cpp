// SPDX-License-Identifier: Apache-2.0
#include <immintrin.h>

#include "probes/backend/host/int_mul/variants.h"
#include "probes/catalogue/int_mul.h"

namespace assay::probes::host {
namespace {

inline __m256i load(const uint64_t* from) {
  return _mm256_load_si256(reinterpret_cast<const __m256i*>(from));
}
inline void store(uint64_t* to, __m256i v) {
  _mm256_store_si256(reinterpret_cast<__m256i*>(to), v);
}

template <int kBy>
inline __m256i rotate_left(__m256i v) {
  return _mm256_or_si256(_mm256_slli_epi64(v, kBy), _mm256_srli_epi64(v, 64 - kBy));
}

// One iteration on four lanes: 64 x 64 -> 128 bits out of four 32 x 32 -> 64 products.
inline void iterate(__m256i& x, __m256i& h, __m256i a, __m256i c) {
  const __m256i low_half = _mm256_set1_epi64x(0xFFFFFFFF);
  const __m256i x_high = _mm256_srli_epi64(x, 32);
  const __m256i a_high = _mm256_srli_epi64(a, 32);
  const __m256i p00 = _mm256_mul_epu32(x, a);
  const __m256i p01 = _mm256_mul_epu32(x, a_high);
  const __m256i p10 = _mm256_mul_epu32(x_high, a);
  const __m256i p11 = _mm256_mul_epu32(x_high, a_high);
  const __m256i middle = _mm256_add_epi64(p10, _mm256_srli_epi64(p00, 32));
  const __m256i middle2 = _mm256_add_epi64(p01, _mm256_and_si256(middle, low_half));
  const __m256i high =
      _mm256_add_epi64(_mm256_add_epi64(p11, _mm256_srli_epi64(middle, 32)), _mm256_srli_epi64(middle2, 32));
  const __m256i low = _mm256_or_si256(_mm256_slli_epi64(middle2, 32), _mm256_and_si256(p00, low_half));
  x = _mm256_add_epi64(_mm256_xor_si256(rotate_left<29>(low), high), c);
  h = rotate_left<24>(_mm256_add_epi64(h, x));
}

}  // namespace

void int_mul_avx2(uint64_t* state, const uint64_t* params, uint32_t) {
  using namespace int_mul;
  __m256i x[4] = {load(state), load(state + 4), load(state + 8), load(state + 12)};
  __m256i h[4] = {load(state + 16), load(state + 20), load(state + 24), load(state + 28)};
  for (uint32_t i = 0; i < kIterations; ++i) {
    const uint64_t* a = params + (i % kRounds) * kLanes;
    const uint64_t* c = a + kRounds * kLanes;
    for (int v = 0; v < 4; ++v) iterate(x[v], h[v], load(a + 4 * v), load(c + 4 * v));
  }
  for (int v = 0; v < 4; ++v) {
    store(state + 4 * v, x[v]);
    store(state + kLanes + 4 * v, h[v]);
  }
}

}  // namespace assay::probes::host
