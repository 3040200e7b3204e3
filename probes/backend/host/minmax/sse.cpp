// SPDX-License-Identifier: Apache-2.0
#include <immintrin.h>

#include "probes/backend/host/minmax/variants.h"
#include "probes/catalogue/minmax.h"

namespace assay::probes::host {
namespace {

struct DoubleLanes {
  using Register = __m128i;
  using Mask = __m128d;
  static Register sign() { return _mm_set1_epi64x(INT64_MIN); }
  static __m128d number(Register bits) { return _mm_castsi128_pd(bits); }
  static Register window(Register w) {
    return _mm_or_si128(_mm_and_si128(w, _mm_set1_epi64x(static_cast<int64_t>(fma::kKeepF64))), _mm_set1_epi64x(static_cast<int64_t>(fma::kSetF64)));
  }
  static Register min(Register x, Register y) { return _mm_castpd_si128(_mm_min_pd(number(x), number(y))); }
  static Register max(Register x, Register y) { return _mm_castpd_si128(_mm_max_pd(number(x), number(y))); }
  static Mask less(Register x, Register y) { return _mm_cmplt_pd(number(x), number(y)); }
  static Mask less_or_equal(Register x, Register y) { return _mm_cmple_pd(number(x), number(y)); }
  static Register bits(Mask mask) { return _mm_castpd_si128(mask); }
  static Register blend(Mask mask, Register yes, Register no) { return _mm_castpd_si128(_mm_blendv_pd(number(no), number(yes), mask)); }
  static Register with_sign(Register b, Register w) {
    return _mm_castpd_si128(_mm_or_pd(_mm_andnot_pd(number(sign()), number(b)), _mm_and_pd(number(sign()), number(w))));
  }
  static Register negative(Register x) { return _mm_castpd_si128(_mm_or_pd(number(x), number(sign()))); }
};

struct FloatLanes {
  using Register = __m128i;
  using Mask = __m128;
  static Register sign() { return _mm_set1_epi32(INT32_MIN); }
  static __m128 number(Register bits) { return _mm_castsi128_ps(bits); }
  static Register window(Register w) {
    return _mm_or_si128(_mm_and_si128(w, _mm_set1_epi32(static_cast<int32_t>(fma::kKeepF32))), _mm_set1_epi32(static_cast<int32_t>(fma::kSetF32)));
  }
  static Register min(Register x, Register y) { return _mm_castps_si128(_mm_min_ps(number(x), number(y))); }
  static Register max(Register x, Register y) { return _mm_castps_si128(_mm_max_ps(number(x), number(y))); }
  static Mask less(Register x, Register y) { return _mm_cmplt_ps(number(x), number(y)); }
  static Mask less_or_equal(Register x, Register y) { return _mm_cmple_ps(number(x), number(y)); }
  static Register bits(Mask mask) { return _mm_castps_si128(mask); }
  static Register blend(Mask mask, Register yes, Register no) { return _mm_castps_si128(_mm_blendv_ps(number(no), number(yes), mask)); }
  static Register with_sign(Register b, Register w) {
    return _mm_castps_si128(_mm_or_ps(_mm_andnot_ps(number(sign()), number(b)), _mm_and_ps(number(sign()), number(w))));
  }
  static Register negative(Register x) { return _mm_castps_si128(_mm_or_ps(number(x), number(sign()))); }
};

struct Vector {
  using Register = __m128i;
  using Doubles = DoubleLanes;
  using Floats = FloatLanes;
  static constexpr uint32_t kWords = 2;
  static Register load(const uint64_t* from) { return _mm_load_si128(reinterpret_cast<const __m128i*>(from)); }
  static void store(uint64_t* to, Register value) { _mm_store_si128(reinterpret_cast<__m128i*>(to), value); }
  // Rotating by 24 bits is a permutation of bytes.
  static Register fold(Register to, Register y) {
    const Register rotate = _mm_setr_epi8(5, 6, 7, 0, 1, 2, 3, 4, 13, 14, 15, 8, 9, 10, 11, 12);
    return _mm_shuffle_epi8(_mm_add_epi64(to, y), rotate);
  }
  static Register bitwise_xor(Register x, Register y) { return _mm_xor_si128(x, y); }
  static Register min_s8(Register x, Register y) { return _mm_min_epi8(x, y); }
  static Register min_u8(Register x, Register y) { return _mm_min_epu8(x, y); }
  static Register max_s8(Register x, Register y) { return _mm_max_epi8(x, y); }
  static Register max_u8(Register x, Register y) { return _mm_max_epu8(x, y); }
  static Register min_s16(Register x, Register y) { return _mm_min_epi16(x, y); }
  static Register min_u16(Register x, Register y) { return _mm_min_epu16(x, y); }
  static Register max_s16(Register x, Register y) { return _mm_max_epi16(x, y); }
  static Register max_u16(Register x, Register y) { return _mm_max_epu16(x, y); }
  static Register min_s32(Register x, Register y) { return _mm_min_epi32(x, y); }
  static Register min_u32(Register x, Register y) { return _mm_min_epu32(x, y); }
  static Register max_s32(Register x, Register y) { return _mm_max_epi32(x, y); }
  static Register max_u32(Register x, Register y) { return _mm_max_epu32(x, y); }
  // There are no 64-bit minima before AVX-512: a comparison and a blend; unsigned ones with the top bits flipped.
  static Register choose(Register mask, Register yes, Register no) { return _mm_blendv_epi8(no, yes, mask); }
  static Register above(Register x, Register y) {
    const Register top = _mm_set1_epi64x(INT64_MIN);
    return _mm_cmpgt_epi64(_mm_xor_si128(x, top), _mm_xor_si128(y, top));
  }
  static Register min_s64(Register x, Register y) { return choose(_mm_cmpgt_epi64(x, y), y, x); }
  static Register max_s64(Register x, Register y) { return choose(_mm_cmpgt_epi64(x, y), x, y); }
  static Register min_u64(Register x, Register y) { return choose(above(x, y), y, x); }
  static Register max_u64(Register x, Register y) { return choose(above(x, y), x, y); }
  static Register greater_s8(Register x, Register y) { return _mm_cmpgt_epi8(x, y); }
  static Register equal_8(Register x, Register y) { return _mm_cmpeq_epi8(x, y); }
  static Register greater_s16(Register x, Register y) { return _mm_cmpgt_epi16(x, y); }
  static Register equal_16(Register x, Register y) { return _mm_cmpeq_epi16(x, y); }
  static Register greater_s32(Register x, Register y) { return _mm_cmpgt_epi32(x, y); }
  static Register equal_32(Register x, Register y) { return _mm_cmpeq_epi32(x, y); }
  static Register greater_s64(Register x, Register y) { return _mm_cmpgt_epi64(x, y); }
  static Register equal_64(Register x, Register y) { return _mm_cmpeq_epi64(x, y); }
};

#include "probes/backend/host/minmax/chain.inl"

}  // namespace

void minmax_sse(uint64_t* state, const uint64_t* params, uint32_t) {
  minmax_chain<Vector>(state, params);
}

}  // namespace assay::probes::host
