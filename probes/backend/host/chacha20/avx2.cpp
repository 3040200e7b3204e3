// SPDX-License-Identifier: Apache-2.0
#include <immintrin.h>

#include "probes/backend/host/chacha20/variants.h"
#include "probes/catalogue/chacha20.h"

namespace assay::probes::host {
namespace {

struct EightBlocks {
  using Register = __m256i;
  static constexpr uint32_t kLanes = 8;
  static Register load(const uint64_t* from, uint32_t lane) {
    return _mm256_load_si256(reinterpret_cast<const __m256i*>(from + lane / 2));
  }
  static void store(uint64_t* to, uint32_t lane, Register value) {
    _mm256_store_si256(reinterpret_cast<__m256i*>(to + lane / 2), value);
  }
  static Register add(Register a, Register b) { return _mm256_add_epi32(a, b); }
  // By whole bytes a permutation of bytes, else two shifts.
  template <int kBy>
  static Register roll(Register a, Register b) {
    const Register x = _mm256_xor_si256(a, b);
    if constexpr (kBy == 16) {
      return _mm256_shuffle_epi8(x, _mm256_setr_epi8(2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13,  //
                                                     2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13));
    } else if constexpr (kBy == 8) {
      return _mm256_shuffle_epi8(x, _mm256_setr_epi8(3, 0, 1, 2, 7, 4, 5, 6, 11, 8, 9, 10, 15, 12, 13, 14,  //
                                                     3, 0, 1, 2, 7, 4, 5, 6, 11, 8, 9, 10, 15, 12, 13, 14));
    } else {
      return _mm256_or_si256(_mm256_slli_epi32(x, kBy), _mm256_srli_epi32(x, 32 - kBy));
    }
  }
};

#include "probes/backend/host/chacha20/chain.inl"

}  // namespace

void chacha20_avx2(uint64_t* state, const uint64_t* params, uint32_t) {
  chacha20_blocks<EightBlocks>(state, params);
}

}  // namespace assay::probes::host
