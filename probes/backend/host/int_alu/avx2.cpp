// SPDX-License-Identifier: Apache-2.0
#include <immintrin.h>

#include "probes/backend/host/int_alu/variants.h"
#include "probes/catalogue/int_alu.h"

namespace assay::probes::host {
namespace {

// Four lanes. AVX2 has no carries, no unsigned comparison, no arithmetic shift of 64 bits and no counts: they are put together.
struct Quads {
  using Register = __m256i;
  static constexpr uint32_t kWords = 4;
  static constexpr uint32_t kTogether = 2;

  static __m256i load(const uint64_t* from) { return _mm256_load_si256(reinterpret_cast<const __m256i*>(from)); }
  static void store(uint64_t* to, __m256i v) { _mm256_store_si256(reinterpret_cast<__m256i*>(to), v); }
  static __m256i all(int64_t word) { return _mm256_set1_epi64x(word); }
  static __m256i bytes(char byte) { return _mm256_set1_epi8(byte); }

  static __m256i add(__m256i a, __m256i b) { return _mm256_add_epi64(a, b); }
  static __m256i minus(__m256i a) { return _mm256_sub_epi64(_mm256_setzero_si256(), a); }
  // All ones where a < b.
  static __m256i below_signed(__m256i a, __m256i b) { return _mm256_cmpgt_epi64(b, a); }
  static __m256i below(__m256i a, __m256i b) {
    const __m256i sign = all(INT64_MIN);
    return below_signed(_mm256_xor_si256(a, sign), _mm256_xor_si256(b, sign));
  }
  static void add_wide(__m256i& high, __m256i& low, __m256i with_high, __m256i with_low) {
    low = add(low, with_low);
    high = _mm256_sub_epi64(add(high, with_high), below(low, with_low));
  }
  static void subtract_wide(__m256i& high, __m256i& low, __m256i with_high, __m256i with_low) {
    high = add(_mm256_sub_epi64(high, with_high), below(low, with_low));
    low = _mm256_sub_epi64(low, with_low);
  }

  template <int kFirst>
  static __m256i low6(__m256i v) { return _mm256_and_si256(_mm256_srli_epi64(v, kFirst), all(63)); }
  template <int kBy>
  static __m256i rotate(__m256i v) { return _mm256_or_si256(_mm256_slli_epi64(v, kBy), _mm256_srli_epi64(v, 64 - kBy)); }
  static __m256i shift_left(__m256i v, __m256i by) { return _mm256_sllv_epi64(v, by); }
  static __m256i shift_right(__m256i v, __m256i by) { return _mm256_srlv_epi64(v, by); }
  // A shift by 64 gives 0.
  static __m256i rotate_by(__m256i v, __m256i by) {
    return _mm256_or_si256(shift_left(v, by), shift_right(v, _mm256_sub_epi64(all(64), by)));
  }
  static __m256i shift_signed(__m256i v, __m256i by) {
    const __m256i sign = shift_right(all(INT64_MIN), by);
    return _mm256_sub_epi64(_mm256_xor_si256(shift_right(v, by), sign), sign);
  }
  static __m256i funnel(__m256i high, __m256i low, __m256i by) {
    return _mm256_or_si256(shift_left(high, by), shift_right(low, _mm256_sub_epi64(all(64), by)));
  }

  static __m256i exclusive(__m256i a, __m256i b) { return _mm256_xor_si256(a, b); }
  static __m256i both(__m256i a, __m256i b) { return _mm256_and_si256(a, b); }
  static __m256i either(__m256i a, __m256i b) { return _mm256_or_si256(a, b); }
  static __m256i not_and(__m256i a, __m256i b) { return _mm256_andnot_si256(a, b); }
  static __m256i majority(__m256i a, __m256i b, __m256i c) { return either(both(a, b), both(c, either(a, b))); }
  static __m256i choose(__m256i by, __m256i one, __m256i zero) { return either(both(by, one), not_and(by, zero)); }

  // Ones of each half byte by a table, then a sum of the eight bytes (Mula, Kurz, Lemire: "Faster population counts using AVX2
  // instructions", 2018).
  static __m256i ones(__m256i v) {
    const __m256i table = _mm256_setr_epi8(0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4, 0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4);
    const __m256i low = _mm256_shuffle_epi8(table, both(v, bytes(15)));
    const __m256i high = _mm256_shuffle_epi8(table, both(_mm256_srli_epi64(v, 4), bytes(15)));
    return _mm256_sad_epu8(_mm256_add_epi8(low, high), _mm256_setzero_si256());
  }
  static __m256i leading(__m256i v) {
    v = either(v, _mm256_srli_epi64(v, 1));
    v = either(v, _mm256_srli_epi64(v, 2));
    v = either(v, _mm256_srli_epi64(v, 4));
    v = either(v, _mm256_srli_epi64(v, 8));
    v = either(v, _mm256_srli_epi64(v, 16));
    v = either(v, _mm256_srli_epi64(v, 32));
    return _mm256_sub_epi64(all(64), ones(v));
  }
  static __m256i trailing(__m256i v) { return ones(not_and(v, add(v, all(-1)))); }
  static __m256i counts(__m256i a, __m256i b, __m256i c) {
    return add(ones(a), add(_mm256_slli_epi64(leading(b), 8), _mm256_slli_epi64(trailing(c), 16)));
  }

  static __m256i swap_bytes(__m256i v) {
    const __m256i order = _mm256_setr_epi8(7, 6, 5, 4, 3, 2, 1, 0, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 15, 14, 13, 12, 11,
                                           10, 9, 8);
    return _mm256_shuffle_epi8(v, order);
  }
  static __m256i if_below(__m256i a, __m256i b, __m256i yes, __m256i no) { return _mm256_blendv_epi8(no, yes, below(a, b)); }
  static __m256i if_below_signed(__m256i a, __m256i b, __m256i yes, __m256i no) {
    return _mm256_blendv_epi8(no, yes, below_signed(a, b));
  }
};

#include "probes/backend/host/int_alu/chain.inl"

}  // namespace

void int_alu_avx2(uint64_t* state, const uint64_t* params, uint32_t) { int_alu_chain<Quads>(state, params); }

}  // namespace assay::probes::host
