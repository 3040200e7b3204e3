// SPDX-License-Identifier: Apache-2.0
#include <immintrin.h>

#include "probes/backend/host/int_alu/variants.h"
#include "probes/catalogue/int_alu.h"

namespace assay::probes::host {
namespace {

// Eight lanes. Carries and conditional moves go through mask registers; VPOPCNTQ is of VPOPCNTDQ and VPLZCNTQ of CD.
struct Octets {
  using Register = __m512i;
  static constexpr uint32_t kWords = 8;
  static constexpr uint32_t kTogether = 2;

  static __m512i load(const uint64_t* from) { return _mm512_load_si512(from); }
  static void store(uint64_t* to, __m512i v) { _mm512_store_si512(to, v); }
  static __m512i all(int64_t word) { return _mm512_set1_epi64(word); }

  static __m512i add(__m512i a, __m512i b) { return _mm512_add_epi64(a, b); }
  static __m512i minus(__m512i a) { return _mm512_sub_epi64(_mm512_setzero_si512(), a); }
  static void add_wide(__m512i& high, __m512i& low, __m512i with_high, __m512i with_low) {
    low = add(low, with_low);
    high = add(high, with_high);
    high = _mm512_mask_add_epi64(high, _mm512_cmplt_epu64_mask(low, with_low), high, all(1));
  }
  static void subtract_wide(__m512i& high, __m512i& low, __m512i with_high, __m512i with_low) {
    high = _mm512_sub_epi64(high, with_high);
    high = _mm512_mask_sub_epi64(high, _mm512_cmplt_epu64_mask(low, with_low), high, all(1));
    low = _mm512_sub_epi64(low, with_low);
  }

  template <int kFirst>
  static __m512i low6(__m512i v) { return _mm512_and_si512(_mm512_srli_epi64(v, kFirst), all(63)); }
  template <int kBy>
  static __m512i rotate(__m512i v) { return _mm512_rol_epi64(v, kBy); }
  static __m512i rotate_by(__m512i v, __m512i by) { return _mm512_rolv_epi64(v, by); }
  static __m512i shift_left(__m512i v, __m512i by) { return _mm512_sllv_epi64(v, by); }
  static __m512i shift_right(__m512i v, __m512i by) { return _mm512_srlv_epi64(v, by); }
  static __m512i shift_signed(__m512i v, __m512i by) { return _mm512_srav_epi64(v, by); }
  // A shift by 64 gives 0.
  static __m512i funnel(__m512i high, __m512i low, __m512i by) {
    return _mm512_or_si512(shift_left(high, by), shift_right(low, _mm512_sub_epi64(all(64), by)));
  }

  static __m512i exclusive(__m512i a, __m512i b) { return _mm512_xor_si512(a, b); }
  static __m512i both(__m512i a, __m512i b) { return _mm512_and_si512(a, b); }
  static __m512i either(__m512i a, __m512i b) { return _mm512_or_si512(a, b); }
  static __m512i not_and(__m512i a, __m512i b) { return _mm512_andnot_si512(a, b); }
  // Truth tables: bit 4 a + 2 b + c.
  static __m512i majority(__m512i a, __m512i b, __m512i c) { return _mm512_ternarylogic_epi64(a, b, c, 0xE8); }
  static __m512i choose(__m512i by, __m512i one, __m512i zero) { return _mm512_ternarylogic_epi64(by, one, zero, 0xCA); }

  static __m512i counts(__m512i a, __m512i b, __m512i c) {
    const __m512i trailing = _mm512_popcnt_epi64(not_and(c, add(c, all(-1))));
    return add(_mm512_popcnt_epi64(a), add(_mm512_slli_epi64(_mm512_lzcnt_epi64(b), 8), _mm512_slli_epi64(trailing, 16)));
  }

  static __m512i swap_bytes(__m512i v) {
    const __m512i order = _mm512_broadcast_i32x4(_mm_setr_epi8(7, 6, 5, 4, 3, 2, 1, 0, 15, 14, 13, 12, 11, 10, 9, 8));
    return _mm512_shuffle_epi8(v, order);
  }
  static __m512i if_below(__m512i a, __m512i b, __m512i yes, __m512i no) {
    return _mm512_mask_blend_epi64(_mm512_cmplt_epu64_mask(a, b), no, yes);
  }
  static __m512i if_below_signed(__m512i a, __m512i b, __m512i yes, __m512i no) {
    return _mm512_mask_blend_epi64(_mm512_cmplt_epi64_mask(a, b), no, yes);
  }
};

#include "probes/backend/host/int_alu/chain.inl"

}  // namespace

void int_alu_avx512(uint64_t* state, const uint64_t* params, uint32_t) { int_alu_chain<Octets>(state, params); }

}  // namespace assay::probes::host
