// SPDX-License-Identifier: Apache-2.0
// AVX2 compares into vectors; masks leave by VPMOVMSKB and its kin and come back by a byte shuffle.
#include <immintrin.h>

#include "probes/backend/host/mask/variants.h"
#include "probes/catalogue/mask.h"

namespace assay::probes::host {
namespace {

#include "probes/backend/host/mask/words.inl"

struct Pair {
  __m256i half[2];
};

inline uint64_t top_bits_of_bytes(__m256i v) { return static_cast<uint32_t>(_mm256_movemask_epi8(v)); }
inline uint64_t top_bits_of_dwords(__m256i v) { return static_cast<uint32_t>(_mm256_movemask_ps(_mm256_castsi256_ps(v))); }
inline uint64_t top_bits_of_words(__m256i v) { return static_cast<uint32_t>(_mm256_movemask_pd(_mm256_castsi256_pd(v))); }

// 32 bits to 32 bytes of ones or zeros: each byte gets the byte of the mask it is in, and then looks at its bit.
inline __m256i bytes_of(uint64_t mask) {
  const __m256i which = _mm256_setr_epi8(0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 3, 3);
  const __m256i bit = _mm256_set1_epi64x(static_cast<int64_t>(0x8040201008040201));
  const __m256i spread = _mm256_shuffle_epi8(_mm256_set1_epi32(static_cast<int>(mask)), which);
  return _mm256_cmpeq_epi8(_mm256_and_si256(spread, bit), bit);
}

struct Halves : MaskWords {
  using Vector = Pair;

  static Pair load(const uint64_t* from) {
    const __m256i* at = reinterpret_cast<const __m256i*>(from);
    return {{_mm256_load_si256(at), _mm256_load_si256(at + 1)}};
  }
  static void store(uint64_t* to, const Pair& v) {
    __m256i* at = reinterpret_cast<__m256i*>(to);
    _mm256_store_si256(at, v.half[0]);
    _mm256_store_si256(at + 1, v.half[1]);
  }

  static uint64_t below_bytes(const Pair& x, const Pair& y) {
    uint64_t mask = 0;
    for (int i = 0; i < 2; ++i) {
      // x >= y where the greater of the two is x.
      const __m256i not_below = _mm256_cmpeq_epi8(_mm256_max_epu8(x.half[i], y.half[i]), x.half[i]);
      mask |= (top_bits_of_bytes(not_below) ^ 0xFFFFFFFF) << (32 * i);
    }
    return mask;
  }
  static uint64_t disjoint_bytes(const Pair& x, const Pair& y) {
    uint64_t mask = 0;
    for (int i = 0; i < 2; ++i) {
      const __m256i common = _mm256_and_si256(x.half[i], y.half[i]);
      mask |= top_bits_of_bytes(_mm256_cmpeq_epi8(common, _mm256_setzero_si256())) << (32 * i);
    }
    return mask;
  }
  static uint64_t alike_bytes(const Pair& x, const Pair& y) {
    const __m256i low = _mm256_set1_epi8(3);
    uint64_t mask = 0;
    for (int i = 0; i < 2; ++i) {
      const __m256i equal = _mm256_cmpeq_epi8(_mm256_and_si256(x.half[i], low), _mm256_and_si256(y.half[i], low));
      mask |= top_bits_of_bytes(equal) << (32 * i);
    }
    return mask;
  }
  static uint64_t below_wider(const Pair& x, const Pair& y) {
    const __m256i sign = _mm256_set1_epi64x(INT64_MIN);
    uint64_t mask = 0;
    for (int i = 0; i < 2; ++i) {
      const __m256i a = x.half[i];
      const __m256i b = y.half[i];
      mask |= top_bits_of_words(_mm256_cmpgt_epi64(_mm256_xor_si256(b, sign), _mm256_xor_si256(a, sign))) << (56 + 4 * i);
      mask |= top_bits_of_words(_mm256_cmpgt_epi64(b, a)) << (48 + 4 * i);
      mask |= top_bits_of_dwords(_mm256_cmpgt_epi32(b, a)) << (32 + 8 * i);
    }
    // Packing takes 16 bytes of either operand in turn: the middle two quarters change places.
    const __m256i above = _mm256_packs_epi16(_mm256_cmpgt_epi16(x.half[0], y.half[0]), _mm256_cmpgt_epi16(x.half[1], y.half[1]));
    return mask | top_bits_of_bytes(_mm256_permute4x64_epi64(above, 0xD8));
  }

  static Pair add_or_exclusive(uint64_t mask, const Pair& x, const Pair& y, const Pair& otherwise) {
    Pair out;
    for (int i = 0; i < 2; ++i) {
      const __m256i sum = _mm256_add_epi8(x.half[i], y.half[i]);
      const __m256i changed = _mm256_xor_si256(x.half[i], otherwise.half[i]);
      out.half[i] = _mm256_blendv_epi8(changed, sum, bytes_of(mask >> (32 * i)));
    }
    return out;
  }
  static Pair blend(uint64_t mask, const Pair& ones, const Pair& zeros) {
    Pair out;
    for (int i = 0; i < 2; ++i) out.half[i] = _mm256_blendv_epi8(zeros.half[i], ones.half[i], bytes_of(mask >> (32 * i)));
    return out;
  }
  static Pair fold_words(const Pair& y, const Pair& with) {
    Pair out;
    for (int i = 0; i < 2; ++i) {
      const __m256i sum = _mm256_add_epi64(y.half[i], with.half[i]);
      out.half[i] = _mm256_or_si256(_mm256_slli_epi64(sum, 24), _mm256_srli_epi64(sum, 40));
    }
    return out;
  }

  template <void (*kMove)(uint32_t*, const uint32_t*, uint64_t)>
  static Pair move_dwords(const Pair& v, uint64_t mask) {
    alignas(32) uint64_t words[8];
    alignas(32) uint64_t moved[8];
    uint32_t from[16];
    uint32_t to[16];
    store(words, v);
    __builtin_memcpy(from, words, sizeof from);
    kMove(to, from, mask);
    __builtin_memcpy(moved, to, sizeof to);
    return load(moved);
  }
  static Pair part(const Pair& x, uint64_t mask) { return move_dwords<part_dwords>(x, mask); }
  static Pair join(const Pair& y, uint64_t mask) { return move_dwords<join_dwords>(y, mask); }
};

#include "probes/backend/host/mask/chain.inl"

}  // namespace

void mask_avx2(uint64_t* state, const uint64_t* params, uint32_t) { mask_chain<Halves>(state, params); }

}  // namespace assay::probes::host
