// SPDX-License-Identifier: Apache-2.0
#include <immintrin.h>

#include "probes/backend/host/int_mul32/variants.h"
#include "probes/catalogue/int_mul32.h"

namespace assay::probes::host {
namespace {

struct Single {
  using Register = __m128i;
  static constexpr uint32_t kWords = 2;
  static constexpr uint32_t kTogether = 4;

  static __m128i load(const uint64_t* from) { return _mm_load_si128(reinterpret_cast<const __m128i*>(from)); }
  static void store(uint64_t* to, __m128i v) { _mm_store_si128(reinterpret_cast<__m128i*>(to), v); }
  static __m128i fold(__m128i a, __m128i with) {
    const __m128i sum = _mm_add_epi64(a, with);
    return _mm_or_si128(_mm_slli_epi64(sum, 24), _mm_srli_epi64(sum, 40));
  }
  static __m128i exclusive(__m128i a, __m128i b) { return _mm_xor_si128(a, b); }
  static __m128i high_dwords(__m128i a) { return _mm_srli_epi64(a, 32); }
  template <int kBy>
  static __m128i psrad(__m128i a) { return _mm_srai_epi32(a, kBy); }
  template <int kBy>
  static __m128i psraw(__m128i a) { return _mm_srai_epi16(a, kBy); }
  static __m128i pmulld(__m128i a, __m128i b) { return _mm_mullo_epi32(a, b); }
  static __m128i pmuludq(__m128i a, __m128i b) { return _mm_mul_epu32(a, b); }
  static __m128i pmuldq(__m128i a, __m128i b) { return _mm_mul_epi32(a, b); }
  static __m128i pmaddwd(__m128i a, __m128i b) { return _mm_madd_epi16(a, b); }
  static __m128i pmulhw(__m128i a, __m128i b) { return _mm_mulhi_epi16(a, b); }
  static __m128i pmulhuw(__m128i a, __m128i b) { return _mm_mulhi_epu16(a, b); }
  static __m128i pmullw(__m128i a, __m128i b) { return _mm_mullo_epi16(a, b); }
  static __m128i pmulhrsw(__m128i a, __m128i b) { return _mm_mulhrs_epi16(a, b); }
  static __m128i pmaddubsw(__m128i a, __m128i b) { return _mm_maddubs_epi16(a, b); }
  static __m128i paddsw(__m128i a, __m128i b) { return _mm_adds_epi16(a, b); }
  static __m128i psubusb(__m128i a, __m128i b) { return _mm_subs_epu8(a, b); }
  static __m128i paddusw(__m128i a, __m128i b) { return _mm_adds_epu16(a, b); }
  static __m128i packssdw(__m128i a, __m128i b) { return _mm_packs_epi32(a, b); }
  static __m128i packuswb(__m128i a, __m128i b) { return _mm_packus_epi16(a, b); }
  static __m128i psadbw(__m128i a, __m128i b) { return _mm_sad_epu8(a, b); }
};

#include "probes/backend/host/int_mul32/chain.inl"

}  // namespace

void int_mul32_sse(uint64_t* state, const uint64_t* params, uint32_t) { int_mul32_chain<Single>(state, params); }

}  // namespace assay::probes::host
