// SPDX-License-Identifier: Apache-2.0
#include <immintrin.h>

#include "probes/backend/host/cvt/variants.h"
#include "probes/catalogue/cvt.h"

namespace assay::probes::host {
namespace {

struct Vector {
  using Register = __m256i;
  static constexpr uint32_t kWords = 4;
  static Register load(const uint64_t* from) { return _mm256_load_si256(reinterpret_cast<const __m256i*>(from)); }
  static void store(uint64_t* to, Register value) { _mm256_store_si256(reinterpret_cast<__m256i*>(to), value); }
  static Register all32(uint32_t value) { return _mm256_set1_epi32(static_cast<int32_t>(value)); }
  static Register all64(uint64_t value) { return _mm256_set1_epi64x(static_cast<int64_t>(value)); }
  static Register keep32(Register w, uint32_t mask, uint32_t set) {
    return _mm256_or_si256(_mm256_and_si256(w, all32(mask)), all32(set));
  }
  static Register shift32(Register w, uint32_t mask, uint32_t more) {
    return _mm256_add_epi32(_mm256_and_si256(w, all32(mask)), all32(more));
  }
  static Register keep64(Register w, uint64_t mask, uint64_t set) {
    return _mm256_or_si256(_mm256_and_si256(w, all64(mask)), all64(set));
  }
  static Register shift64(Register w, uint64_t mask, uint64_t more) {
    return _mm256_add_epi64(_mm256_and_si256(w, all64(mask)), all64(more));
  }
  static Register fold32(Register to, Register y) {
    const Register sum = _mm256_add_epi32(to, y);
    return _mm256_or_si256(_mm256_slli_epi32(sum, 8), _mm256_srli_epi32(sum, 24));
  }
  static Register fold64(Register to, Register y) {
    const Register sum = _mm256_add_epi64(to, y);
    return _mm256_or_si256(_mm256_slli_epi64(sum, 24), _mm256_srli_epi64(sum, 40));
  }
  static Register table(uint32_t first, uint32_t odd, uint32_t any) {
    const Register n = _mm256_add_epi32(all32(first), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
    const Register h = _mm256_and_si256(_mm256_add_epi32(_mm256_mullo_epi32(n, all32(odd)), all32(any)), all32(0xFFFF));
    const Register special = _mm256_cmpeq_epi32(_mm256_and_si256(h, all32(0x7C00)), all32(0x7C00));
    return _mm256_andnot_si256(_mm256_and_si256(special, all32(0x3FF)), h);
  }
  static Register blur(Register f, Register w) {
    const Register infinite = _mm256_cmpeq_epi32(_mm256_and_si256(f, all32(0x7FFFFFFF)), all32(0x7F800000));
    return _mm256_or_si256(f, _mm256_andnot_si256(infinite, _mm256_and_si256(w, all32(0x1FFF))));
  }
  static Register integer_to_single(Register w) { return _mm256_castps_si256(_mm256_cvtepi32_ps(w)); }
  static Register truncate(Register y) { return _mm256_cvttps_epi32(_mm256_castsi256_ps(y)); }
  static Register nearest(Register y) { return _mm256_cvtps_epi32(_mm256_castsi256_ps(y)); }
  // Packed to 16 bits with saturation, and spread again.
  static Register saturate16(Register w) {
    const Register value = _mm256_srai_epi32(w, 15);
    const Register packed = _mm256_packs_epi32(value, value);
    return _mm256_srai_epi32(_mm256_unpacklo_epi16(packed, packed), 16);
  }
  static Register saturate8(Register w) {
    const Register value = _mm256_srai_epi32(w, 23);
    const Register words = _mm256_packs_epi32(value, value);
    const Register bytes = _mm256_packs_epi16(words, words);
    const Register pairs = _mm256_unpacklo_epi8(bytes, bytes);
    return _mm256_srai_epi32(_mm256_unpacklo_epi16(pairs, pairs), 24);
  }
  static Register single_to_bfloat(Register f) {
    const Register odd = _mm256_and_si256(_mm256_srli_epi32(f, 16), all32(1));
    return _mm256_srli_epi32(_mm256_add_epi32(_mm256_add_epi32(f, all32(0x7FFF)), odd), 16);
  }
  static Register half_to_single(Register h) {
    const Register packed = _mm256_permute4x64_epi64(_mm256_packus_epi32(h, h), _MM_SHUFFLE(3, 1, 2, 0));
    return _mm256_castps_si256(_mm256_cvtph_ps(_mm256_castsi256_si128(packed)));
  }
  static Register single_to_half(Register f) {
    return _mm256_cvtepu16_epi32(_mm256_cvtps_ph(_mm256_castsi256_ps(f), _MM_FROUND_TO_NEAREST_INT));
  }

  static __m256d real(Register w) { return _mm256_castsi256_pd(w); }
  static __m128i low_halves(Register w) {
    return _mm256_castsi256_si128(_mm256_permutevar8x32_epi32(w, _mm256_setr_epi32(0, 2, 4, 6, 0, 2, 4, 6)));
  }
  static Register to_single(Register x) { return _mm256_cvtepu32_epi64(_mm_castps_si128(_mm256_cvtpd_ps(real(x)))); }
  static Register low_to_double(Register w) {
    return _mm256_castpd_si256(_mm256_cvtps_pd(_mm_castsi128_ps(low_halves(w))));
  }
  static Register low_integer_to_double(Register w) { return _mm256_castpd_si256(_mm256_cvtepi32_pd(low_halves(w))); }
  // Between 64-bit integers and FP64 there are only the scalar instructions.
  static Register integer_to_double(Register w) {
    const __m128d zero = _mm_setzero_pd();
    const __m128d a = _mm_cvtsi64_sd(zero, _mm256_extract_epi64(w, 0));
    const __m128d b = _mm_cvtsi64_sd(zero, _mm256_extract_epi64(w, 1));
    const __m128d c = _mm_cvtsi64_sd(zero, _mm256_extract_epi64(w, 2));
    const __m128d d = _mm_cvtsi64_sd(zero, _mm256_extract_epi64(w, 3));
    return _mm256_castpd_si256(_mm256_set_m128d(_mm_unpacklo_pd(c, d), _mm_unpacklo_pd(a, b)));
  }
  template <typename Convert>
  static Register each(Register y, Convert convert) {
    const __m128d low = _mm256_castpd256_pd128(real(y));
    const __m128d high = _mm256_extractf128_pd(real(y), 1);
    return _mm256_set_epi64x(convert(_mm_unpackhi_pd(high, high)), convert(high), convert(_mm_unpackhi_pd(low, low)),
                             convert(low));
  }
  static Register truncate64(Register y) {
    return each(y, [](__m128d number) { return _mm_cvttsd_si64(number); });
  }
  static Register nearest64(Register y) {
    return each(y, [](__m128d number) { return _mm_cvtsd_si64(number); });
  }
  static Register truncate32(Register z) { return _mm256_cvtepu32_epi64(_mm256_cvttpd_epi32(real(z))); }
  static Register nearest32(Register z) { return _mm256_cvtepu32_epi64(_mm256_cvtpd_epi32(real(z))); }
};

#include "probes/backend/host/cvt/chain.inl"

}  // namespace

void cvt_avx2(uint64_t* state, const uint64_t* params, uint32_t step) {
  cvt_chain<Vector>(state, params, step);
}

}  // namespace assay::probes::host
