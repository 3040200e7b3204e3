// SPDX-License-Identifier: Apache-2.0
#include <immintrin.h>

#include "probes/backend/host/minmax/variants.h"
#include "probes/catalogue/minmax.h"

namespace assay::probes::host {
namespace {

// (x & keep) | set in one instruction: the truth table of (A & B) | C; and that of A ? B : C, bit by bit.
constexpr int kAndOr = 0xEA;
constexpr int kChoose = 0xCA;

struct DoubleLanes {
  using Register = __m512i;
  using Mask = __mmask8;
  static Register sign() { return _mm512_set1_epi64(INT64_MIN); }
  static __m512d number(Register bits) { return _mm512_castsi512_pd(bits); }
  static Register window(Register w) {
    return _mm512_ternarylogic_epi64(w, _mm512_set1_epi64(static_cast<int64_t>(fma::kKeepF64)), _mm512_set1_epi64(static_cast<int64_t>(fma::kSetF64)), kAndOr);
  }
  static Register min(Register x, Register y) { return _mm512_castpd_si512(_mm512_min_pd(number(x), number(y))); }
  static Register max(Register x, Register y) { return _mm512_castpd_si512(_mm512_max_pd(number(x), number(y))); }
  static Mask less(Register x, Register y) { return _mm512_cmp_pd_mask(number(x), number(y), _CMP_LT_OQ); }
  static Mask less_or_equal(Register x, Register y) { return _mm512_cmp_pd_mask(number(x), number(y), _CMP_LE_OQ); }
  static Register bits(Mask mask) { return _mm512_movm_epi64(mask); }
  static Register blend(Mask mask, Register yes, Register no) { return _mm512_mask_blend_epi64(mask, no, yes); }
  static Register with_sign(Register b, Register w) { return _mm512_ternarylogic_epi64(sign(), w, b, kChoose); }
  static Register negative(Register x) { return _mm512_castpd_si512(_mm512_or_pd(number(x), number(sign()))); }
};

struct FloatLanes {
  using Register = __m512i;
  using Mask = __mmask16;
  static Register sign() { return _mm512_set1_epi32(INT32_MIN); }
  static __m512 number(Register bits) { return _mm512_castsi512_ps(bits); }
  static Register window(Register w) {
    return _mm512_ternarylogic_epi32(w, _mm512_set1_epi32(static_cast<int32_t>(fma::kKeepF32)), _mm512_set1_epi32(static_cast<int32_t>(fma::kSetF32)), kAndOr);
  }
  static Register min(Register x, Register y) { return _mm512_castps_si512(_mm512_min_ps(number(x), number(y))); }
  static Register max(Register x, Register y) { return _mm512_castps_si512(_mm512_max_ps(number(x), number(y))); }
  static Mask less(Register x, Register y) { return _mm512_cmp_ps_mask(number(x), number(y), _CMP_LT_OQ); }
  static Mask less_or_equal(Register x, Register y) { return _mm512_cmp_ps_mask(number(x), number(y), _CMP_LE_OQ); }
  static Register bits(Mask mask) { return _mm512_movm_epi32(mask); }
  static Register blend(Mask mask, Register yes, Register no) { return _mm512_mask_blend_epi32(mask, no, yes); }
  static Register with_sign(Register b, Register w) { return _mm512_ternarylogic_epi32(sign(), w, b, kChoose); }
  static Register negative(Register x) { return _mm512_castps_si512(_mm512_or_ps(number(x), number(sign()))); }
};

struct Vector {
  using Register = __m512i;
  using Doubles = DoubleLanes;
  using Floats = FloatLanes;
  static constexpr uint32_t kWords = 8;
  static Register load(const uint64_t* from) { return _mm512_load_si512(from); }
  static void store(uint64_t* to, Register value) { _mm512_store_si512(to, value); }
  static Register fold(Register to, Register y) { return _mm512_rol_epi64(_mm512_add_epi64(to, y), 24); }
  static Register bitwise_xor(Register x, Register y) { return _mm512_xor_si512(x, y); }
  static Register min_s8(Register x, Register y) { return _mm512_min_epi8(x, y); }
  static Register min_u8(Register x, Register y) { return _mm512_min_epu8(x, y); }
  static Register max_s8(Register x, Register y) { return _mm512_max_epi8(x, y); }
  static Register max_u8(Register x, Register y) { return _mm512_max_epu8(x, y); }
  static Register min_s16(Register x, Register y) { return _mm512_min_epi16(x, y); }
  static Register min_u16(Register x, Register y) { return _mm512_min_epu16(x, y); }
  static Register max_s16(Register x, Register y) { return _mm512_max_epi16(x, y); }
  static Register max_u16(Register x, Register y) { return _mm512_max_epu16(x, y); }
  static Register min_s32(Register x, Register y) { return _mm512_min_epi32(x, y); }
  static Register min_u32(Register x, Register y) { return _mm512_min_epu32(x, y); }
  static Register max_s32(Register x, Register y) { return _mm512_max_epi32(x, y); }
  static Register max_u32(Register x, Register y) { return _mm512_max_epu32(x, y); }
  static Register min_s64(Register x, Register y) { return _mm512_min_epi64(x, y); }
  static Register min_u64(Register x, Register y) { return _mm512_min_epu64(x, y); }
  static Register max_s64(Register x, Register y) { return _mm512_max_epi64(x, y); }
  static Register max_u64(Register x, Register y) { return _mm512_max_epu64(x, y); }
  static Register greater_s8(Register x, Register y) { return _mm512_movm_epi8(_mm512_cmpgt_epi8_mask(x, y)); }
  static Register equal_8(Register x, Register y) { return _mm512_movm_epi8(_mm512_cmpeq_epi8_mask(x, y)); }
  static Register greater_s16(Register x, Register y) { return _mm512_movm_epi16(_mm512_cmpgt_epi16_mask(x, y)); }
  static Register equal_16(Register x, Register y) { return _mm512_movm_epi16(_mm512_cmpeq_epi16_mask(x, y)); }
  static Register greater_s32(Register x, Register y) { return _mm512_movm_epi32(_mm512_cmpgt_epi32_mask(x, y)); }
  static Register equal_32(Register x, Register y) { return _mm512_movm_epi32(_mm512_cmpeq_epi32_mask(x, y)); }
  static Register greater_s64(Register x, Register y) { return _mm512_movm_epi64(_mm512_cmpgt_epi64_mask(x, y)); }
  static Register equal_64(Register x, Register y) { return _mm512_movm_epi64(_mm512_cmpeq_epi64_mask(x, y)); }
};

#include "probes/backend/host/minmax/chain.inl"

}  // namespace

void minmax_avx512(uint64_t* state, const uint64_t* params, uint32_t) {
  minmax_chain<Vector>(state, params);
}

}  // namespace assay::probes::host
