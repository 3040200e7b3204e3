// SPDX-License-Identifier: Apache-2.0
#include <immintrin.h>

#include "probes/backend/host/int_mul32/variants.h"
#include "probes/catalogue/int_mul32.h"

namespace assay::probes::host {
namespace {

struct Pair {
  using Register = __m256i;
  static constexpr uint32_t kWords = 4;
  static constexpr uint32_t kTogether = 4;

  static __m256i load(const uint64_t* from) { return _mm256_load_si256(reinterpret_cast<const __m256i*>(from)); }
  static void store(uint64_t* to, __m256i v) { _mm256_store_si256(reinterpret_cast<__m256i*>(to), v); }
  static __m256i fold(__m256i a, __m256i with) {
    const __m256i sum = _mm256_add_epi64(a, with);
    return _mm256_or_si256(_mm256_slli_epi64(sum, 24), _mm256_srli_epi64(sum, 40));
  }
  static __m256i exclusive(__m256i a, __m256i b) { return _mm256_xor_si256(a, b); }
  static __m256i high_dwords(__m256i a) { return _mm256_srli_epi64(a, 32); }
  template <int kBy>
  static __m256i psrad(__m256i a) { return _mm256_srai_epi32(a, kBy); }
  template <int kBy>
  static __m256i psraw(__m256i a) { return _mm256_srai_epi16(a, kBy); }
  static __m256i pmulld(__m256i a, __m256i b) { return _mm256_mullo_epi32(a, b); }
  static __m256i pmuludq(__m256i a, __m256i b) { return _mm256_mul_epu32(a, b); }
  static __m256i pmuldq(__m256i a, __m256i b) { return _mm256_mul_epi32(a, b); }
  static __m256i pmaddwd(__m256i a, __m256i b) { return _mm256_madd_epi16(a, b); }
  static __m256i pmulhw(__m256i a, __m256i b) { return _mm256_mulhi_epi16(a, b); }
  static __m256i pmulhuw(__m256i a, __m256i b) { return _mm256_mulhi_epu16(a, b); }
  static __m256i pmullw(__m256i a, __m256i b) { return _mm256_mullo_epi16(a, b); }
  static __m256i pmulhrsw(__m256i a, __m256i b) { return _mm256_mulhrs_epi16(a, b); }
  static __m256i pmaddubsw(__m256i a, __m256i b) { return _mm256_maddubs_epi16(a, b); }
  static __m256i paddsw(__m256i a, __m256i b) { return _mm256_adds_epi16(a, b); }
  static __m256i psubusb(__m256i a, __m256i b) { return _mm256_subs_epu8(a, b); }
  static __m256i paddusw(__m256i a, __m256i b) { return _mm256_adds_epu16(a, b); }
  static __m256i packssdw(__m256i a, __m256i b) { return _mm256_packs_epi32(a, b); }
  static __m256i packuswb(__m256i a, __m256i b) { return _mm256_packus_epi16(a, b); }
  static __m256i psadbw(__m256i a, __m256i b) { return _mm256_sad_epu8(a, b); }
};

#include "probes/backend/host/int_mul32/chain.inl"

}  // namespace

void int_mul32_avx2(uint64_t* state, const uint64_t* params, uint32_t) { int_mul32_chain<Pair>(state, params); }

}  // namespace assay::probes::host
