// SPDX-License-Identifier: Apache-2.0
#include <immintrin.h>

#include "probes/backend/host/clmul/variants.h"
#include "probes/catalogue/clmul.h"

namespace assay::probes::host {
namespace {

struct Single {
  using Register = __m128i;
  static constexpr uint32_t kLanes = 1;
  static constexpr uint32_t kTogether = 4;

  static __m128i load(const uint64_t* from) { return _mm_load_si128(reinterpret_cast<const __m128i*>(from)); }
  static void store(uint64_t* to, __m128i a) { _mm_store_si128(reinterpret_cast<__m128i*>(to), a); }
  static __m128i lanes(uint64_t low, uint64_t high) {
    return _mm_set_epi64x(static_cast<int64_t>(high), static_cast<int64_t>(low));
  }
  template <int kWhich>
  static __m128i multiply(__m128i a, __m128i b) { return _mm_clmulepi64_si128(a, b, kWhich); }
  static __m128i up(__m128i a) { return _mm_slli_si128(a, 8); }
  static __m128i down(__m128i a) { return _mm_srli_si128(a, 8); }
  static __m128i exclusive(__m128i a, __m128i b) { return _mm_xor_si128(a, b); }
  static __m128i add(__m128i a, __m128i b) { return _mm_add_epi64(a, b); }
  static __m128i fold(__m128i a, __m128i b) {
    const __m128i sum = add(a, b);
    return _mm_or_si128(_mm_slli_epi64(sum, 24), _mm_srli_epi64(sum, 40));
  }
};

#include "probes/backend/host/clmul/chain.inl"

}  // namespace

void clmul_sse(uint64_t* state, const uint64_t* params, uint32_t) { clmul_chain<Single>(state, params); }

}  // namespace assay::probes::host
