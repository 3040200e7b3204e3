// SPDX-License-Identifier: Apache-2.0
#include <immintrin.h>

#include "probes/backend/host/cvt/variants.h"
#include "probes/catalogue/cvt.h"

namespace assay::probes::host {
namespace {

#include "probes/backend/host/cvt/half.inl"

struct Vector {
  using Register = __m128i;
  static constexpr uint32_t kWords = 2;
  static Register load(const uint64_t* from) { return _mm_load_si128(reinterpret_cast<const __m128i*>(from)); }
  static void store(uint64_t* to, Register value) { _mm_store_si128(reinterpret_cast<__m128i*>(to), value); }
  static Register all32(uint32_t value) { return _mm_set1_epi32(static_cast<int32_t>(value)); }
  static Register all64(uint64_t value) { return _mm_set1_epi64x(static_cast<int64_t>(value)); }
  static Register keep32(Register w, uint32_t mask, uint32_t set) {
    return _mm_or_si128(_mm_and_si128(w, all32(mask)), all32(set));
  }
  static Register shift32(Register w, uint32_t mask, uint32_t more) {
    return _mm_add_epi32(_mm_and_si128(w, all32(mask)), all32(more));
  }
  static Register keep64(Register w, uint64_t mask, uint64_t set) {
    return _mm_or_si128(_mm_and_si128(w, all64(mask)), all64(set));
  }
  static Register shift64(Register w, uint64_t mask, uint64_t more) {
    return _mm_add_epi64(_mm_and_si128(w, all64(mask)), all64(more));
  }
  static Register fold32(Register to, Register y) {
    const Register sum = _mm_add_epi32(to, y);
    return _mm_or_si128(_mm_slli_epi32(sum, 8), _mm_srli_epi32(sum, 24));
  }
  static Register fold64(Register to, Register y) {
    const Register sum = _mm_add_epi64(to, y);
    return _mm_or_si128(_mm_slli_epi64(sum, 24), _mm_srli_epi64(sum, 40));
  }
  static Register table(uint32_t first, uint32_t odd, uint32_t any) {
    const Register n = _mm_add_epi32(all32(first), _mm_setr_epi32(0, 1, 2, 3));
    const Register h = _mm_and_si128(_mm_add_epi32(_mm_mullo_epi32(n, all32(odd)), all32(any)), all32(0xFFFF));
    const Register special = _mm_cmpeq_epi32(_mm_and_si128(h, all32(0x7C00)), all32(0x7C00));
    return _mm_andnot_si128(_mm_and_si128(special, all32(0x3FF)), h);
  }
  static Register blur(Register f, Register w) {
    const Register infinite = _mm_cmpeq_epi32(_mm_and_si128(f, all32(0x7FFFFFFF)), all32(0x7F800000));
    return _mm_or_si128(f, _mm_andnot_si128(infinite, _mm_and_si128(w, all32(0x1FFF))));
  }
  static Register integer_to_single(Register w) { return _mm_castps_si128(_mm_cvtepi32_ps(w)); }
  static Register truncate(Register y) { return _mm_cvttps_epi32(_mm_castsi128_ps(y)); }
  static Register nearest(Register y) { return _mm_cvtps_epi32(_mm_castsi128_ps(y)); }
  // Packed to 16 bits with saturation, and spread again.
  static Register saturate16(Register w) {
    const Register value = _mm_srai_epi32(w, 15);
    const Register packed = _mm_packs_epi32(value, value);
    return _mm_srai_epi32(_mm_unpacklo_epi16(packed, packed), 16);
  }
  static Register saturate8(Register w) {
    const Register value = _mm_srai_epi32(w, 23);
    const Register words = _mm_packs_epi32(value, value);
    const Register bytes = _mm_packs_epi16(words, words);
    const Register pairs = _mm_unpacklo_epi8(bytes, bytes);
    return _mm_srai_epi32(_mm_unpacklo_epi16(pairs, pairs), 24);
  }
  static Register single_to_bfloat(Register f) {
    const Register odd = _mm_and_si128(_mm_srli_epi32(f, 16), all32(1));
    return _mm_srli_epi32(_mm_add_epi32(_mm_add_epi32(f, all32(0x7FFF)), odd), 16);
  }
  // FP16 is not for this instruction set: one lane at a time, in integers.
  template <typename Convert>
  static Register each(Register w, Convert convert) {
    alignas(16) uint32_t lanes[4];
    _mm_store_si128(reinterpret_cast<__m128i*>(lanes), w);
    for (uint32_t& lane : lanes) lane = convert(lane);
    return _mm_load_si128(reinterpret_cast<const __m128i*>(lanes));
  }
  static Register half_to_single(Register h) { return each(h, host::half_to_single); }
  static Register single_to_half(Register f) { return each(f, host::single_to_half); }

  static __m128d real(Register w) { return _mm_castsi128_pd(w); }
  static Register low_halves(Register w) { return _mm_shuffle_epi32(w, _MM_SHUFFLE(2, 0, 2, 0)); }
  static Register to_single(Register x) { return _mm_cvtepu32_epi64(_mm_castps_si128(_mm_cvtpd_ps(real(x)))); }
  static Register low_to_double(Register w) { return _mm_castpd_si128(_mm_cvtps_pd(_mm_castsi128_ps(low_halves(w)))); }
  static Register low_integer_to_double(Register w) { return _mm_castpd_si128(_mm_cvtepi32_pd(low_halves(w))); }
  // Between 64-bit integers and FP64 there are only the scalar instructions.
  static Register integer_to_double(Register w) {
    const __m128d zero = _mm_setzero_pd();
    const __m128d low = _mm_cvtsi64_sd(zero, _mm_cvtsi128_si64(w));
    const __m128d high = _mm_cvtsi64_sd(zero, _mm_extract_epi64(w, 1));
    return _mm_castpd_si128(_mm_unpacklo_pd(low, high));
  }
  static Register truncate64(Register y) {
    const __m128d high = _mm_unpackhi_pd(real(y), real(y));
    return _mm_set_epi64x(_mm_cvttsd_si64(high), _mm_cvttsd_si64(real(y)));
  }
  static Register nearest64(Register y) {
    const __m128d high = _mm_unpackhi_pd(real(y), real(y));
    return _mm_set_epi64x(_mm_cvtsd_si64(high), _mm_cvtsd_si64(real(y)));
  }
  static Register truncate32(Register z) { return _mm_cvtepu32_epi64(_mm_cvttpd_epi32(real(z))); }
  static Register nearest32(Register z) { return _mm_cvtepu32_epi64(_mm_cvtpd_epi32(real(z))); }
};

#include "probes/backend/host/cvt/chain.inl"

}  // namespace

void cvt_sse(uint64_t* state, const uint64_t* params, uint32_t step) {
  cvt_chain<Vector>(state, params, step);
}

}  // namespace assay::probes::host
