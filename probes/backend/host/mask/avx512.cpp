// SPDX-License-Identifier: Apache-2.0
// Masks stay in mask registers: KADDQ, KANDQ, KANDNQ, KORQ, KXORQ, KXNORQ, KSHIFTLQ, KSHIFTRQ, KUNPCKBW, KUNPCKWD, KUNPCKDQ, KTESTB,
// KORTESTB, and comparisons into them.
#include <immintrin.h>

#include "probes/backend/host/mask/variants.h"
#include "probes/catalogue/mask.h"

namespace assay::probes::host {
namespace {

struct Registers {
  using Vector = __m512i;

  static __m512i load(const uint64_t* from) { return _mm512_load_si512(from); }
  static void store(uint64_t* to, __m512i v) { _mm512_store_si512(to, v); }

  static __mmask64 below_bytes(__m512i x, __m512i y) { return _mm512_cmplt_epu8_mask(x, y); }
  static __mmask64 disjoint_bytes(__m512i x, __m512i y) { return _mm512_testn_epi8_mask(x, y); }
  static __mmask64 alike_bytes(__m512i x, __m512i y) {
    const __m512i low = _mm512_set1_epi8(3);
    return _mm512_cmpeq_epi8_mask(_mm512_and_si512(x, low), _mm512_and_si512(y, low));
  }
  static __mmask64 below_wider(__m512i x, __m512i y) {
    const __mmask16 words = _mm512_kunpackb(_mm512_cmplt_epu64_mask(x, y), _mm512_cmplt_epi64_mask(x, y));
    const __mmask32 upper = _mm512_kunpackw(words, _mm512_cmplt_epi32_mask(x, y));
    return _mm512_kunpackd(upper, _mm512_cmpgt_epi16_mask(x, y));
  }

  static __mmask64 add(__mmask64 a, __mmask64 b) { return _kadd_mask64(a, b); }
  static __mmask64 both(__mmask64 a, __mmask64 b) { return _kand_mask64(a, b); }
  static __mmask64 either(__mmask64 a, __mmask64 b) { return _kor_mask64(a, b); }
  static __mmask64 exclusive(__mmask64 a, __mmask64 b) { return _kxor_mask64(a, b); }
  static __mmask64 same(__mmask64 a, __mmask64 b) { return _kxnor_mask64(a, b); }
  static __mmask64 not_and(__mmask64 a, __mmask64 b) { return _kandn_mask64(a, b); }
  template <int kBy>
  static __mmask64 up(__mmask64 a) { return _kshiftli_mask64(a, kBy); }
  template <int kBy>
  static __mmask64 down(__mmask64 a) { return _kshiftri_mask64(a, kBy); }
  static __mmask64 fold(__mmask64 a, __mmask64 with) {
    const __mmask64 sum = add(a, with);
    return either(up<24>(sum), down<40>(sum));
  }
  static __mmask64 flags(__mmask64 k, __mmask64 m) {
    const __mmask8 a = static_cast<__mmask8>(k);
    const __mmask8 b = static_cast<__mmask8>(m);
    return static_cast<__mmask64>(_ktestz_mask8_u8(a, b)) | static_cast<__mmask64>(_ktestc_mask8_u8(a, b)) << 1 |
           static_cast<__mmask64>(_kortestz_mask8_u8(a, b)) << 2 | static_cast<__mmask64>(_kortestc_mask8_u8(a, b)) << 3;
  }

  static __m512i add_or_exclusive(__mmask64 mask, __m512i x, __m512i y, __m512i otherwise) {
    return _mm512_mask_add_epi8(_mm512_xor_si512(x, otherwise), mask, x, y);
  }
  static __m512i blend(__mmask64 mask, __m512i ones, __m512i zeros) { return _mm512_mask_blend_epi8(mask, zeros, ones); }
  static __m512i fold_words(__m512i y, __m512i with) { return _mm512_rol_epi64(_mm512_add_epi64(y, with), 24); }

  // The first so many lanes as there are ones in the mask.
  static __mmask16 first_lanes(uint64_t mask) {
    return static_cast<__mmask16>((1U << static_cast<unsigned>(__builtin_popcountll(mask))) - 1);
  }
  static __m512i part(__m512i x, uint64_t mask) {
    const __mmask16 ones = static_cast<__mmask16>(mask);
    const __m512i behind = _mm512_maskz_compress_epi32(_knot_mask16(ones), x);
    return _mm512_mask_expand_epi32(_mm512_maskz_compress_epi32(ones, x), _knot_mask16(first_lanes(mask)), behind);
  }
  static __m512i join(__m512i y, uint64_t mask) {
    const __mmask16 ones = static_cast<__mmask16>(mask);
    const __m512i behind = _mm512_maskz_compress_epi32(_knot_mask16(first_lanes(mask)), y);
    return _mm512_mask_expand_epi32(_mm512_maskz_expand_epi32(ones, y), _knot_mask16(ones), behind);
  }
};

#include "probes/backend/host/mask/chain.inl"

}  // namespace

void mask_avx512(uint64_t* state, const uint64_t* params, uint32_t) { mask_chain<Registers>(state, params); }

}  // namespace assay::probes::host
