// SPDX-License-Identifier: Apache-2.0
#include <immintrin.h>

#include "probes/backend/host/int_mul32/variants.h"
#include "probes/catalogue/int_mul32.h"

namespace assay::probes::host {
namespace {

struct Four {
  using Register = __m512i;
  static constexpr uint32_t kWords = 8;
  static constexpr uint32_t kTogether = 2;

  static __m512i load(const uint64_t* from) { return _mm512_load_si512(from); }
  static void store(uint64_t* to, __m512i v) { _mm512_store_si512(to, v); }
  static __m512i fold(__m512i a, __m512i with) { return _mm512_rol_epi64(_mm512_add_epi64(a, with), 24); }
  static __m512i exclusive(__m512i a, __m512i b) { return _mm512_xor_si512(a, b); }
  static __m512i high_dwords(__m512i a) { return _mm512_srli_epi64(a, 32); }
  template <int kBy>
  static __m512i psrad(__m512i a) { return _mm512_srai_epi32(a, kBy); }
  template <int kBy>
  static __m512i psraw(__m512i a) { return _mm512_srai_epi16(a, kBy); }
  static __m512i pmulld(__m512i a, __m512i b) { return _mm512_mullo_epi32(a, b); }
  static __m512i pmuludq(__m512i a, __m512i b) { return _mm512_mul_epu32(a, b); }
  static __m512i pmuldq(__m512i a, __m512i b) { return _mm512_mul_epi32(a, b); }
  static __m512i pmaddwd(__m512i a, __m512i b) { return _mm512_madd_epi16(a, b); }
  static __m512i pmulhw(__m512i a, __m512i b) { return _mm512_mulhi_epi16(a, b); }
  static __m512i pmulhuw(__m512i a, __m512i b) { return _mm512_mulhi_epu16(a, b); }
  static __m512i pmullw(__m512i a, __m512i b) { return _mm512_mullo_epi16(a, b); }
  static __m512i pmulhrsw(__m512i a, __m512i b) { return _mm512_mulhrs_epi16(a, b); }
  static __m512i pmaddubsw(__m512i a, __m512i b) { return _mm512_maddubs_epi16(a, b); }
  static __m512i paddsw(__m512i a, __m512i b) { return _mm512_adds_epi16(a, b); }
  static __m512i psubusb(__m512i a, __m512i b) { return _mm512_subs_epu8(a, b); }
  static __m512i paddusw(__m512i a, __m512i b) { return _mm512_adds_epu16(a, b); }
  static __m512i packssdw(__m512i a, __m512i b) { return _mm512_packs_epi32(a, b); }
  static __m512i packuswb(__m512i a, __m512i b) { return _mm512_packus_epi16(a, b); }
  static __m512i psadbw(__m512i a, __m512i b) { return _mm512_sad_epu8(a, b); }
};

#include "probes/backend/host/int_mul32/chain.inl"

}  // namespace

void int_mul32_avx512(uint64_t* state, const uint64_t* params, uint32_t) { int_mul32_chain<Four>(state, params); }

}  // namespace assay::probes::host
