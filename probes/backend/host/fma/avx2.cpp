// SPDX-License-Identifier: Apache-2.0
#include <immintrin.h>

#include "probes/backend/host/fma/variants.h"
#include "probes/catalogue/fma.h"

namespace assay::probes::host {
namespace {

struct Vector {
  using Register = __m256i;
  static constexpr uint32_t kWords = 4;
  static constexpr uint32_t kTogether = 4;
  static Register load(const uint64_t* from) { return _mm256_load_si256(reinterpret_cast<const __m256i*>(from)); }
  static void store(uint64_t* to, Register value) { _mm256_store_si256(reinterpret_cast<__m256i*>(to), value); }
};

struct Doubles : Vector {
  static Register take_in(Register to, Register from, const uint64_t* a, const uint64_t* b) {
    const Register x = _mm256_or_si256(_mm256_and_si256(from, _mm256_set1_epi64x(static_cast<int64_t>(fma::kKeepF64))),
                                       _mm256_set1_epi64x(static_cast<int64_t>(fma::kSetF64)));
    const __m256d y =
        _mm256_fmadd_pd(_mm256_castsi256_pd(x), _mm256_castsi256_pd(load(a)), _mm256_castsi256_pd(load(b)));
    // Rotating by 24 bits is a permutation of bytes.
    const Register rotate = _mm256_setr_epi8(5, 6, 7, 0, 1, 2, 3, 4, 13, 14, 15, 8, 9, 10, 11, 12,  //
                                             5, 6, 7, 0, 1, 2, 3, 4, 13, 14, 15, 8, 9, 10, 11, 12);
    return _mm256_shuffle_epi8(_mm256_add_epi64(to, _mm256_castpd_si256(y)), rotate);
  }
};

struct Floats : Vector {
  static Register take_in(Register to, Register from, const uint64_t* a, const uint64_t* b) {
    const Register x = _mm256_or_si256(_mm256_and_si256(from, _mm256_set1_epi32(static_cast<int32_t>(fma::kKeepF32))),
                                       _mm256_set1_epi32(static_cast<int32_t>(fma::kSetF32)));
    const __m256 y =
        _mm256_fmadd_ps(_mm256_castsi256_ps(x), _mm256_castsi256_ps(load(a)), _mm256_castsi256_ps(load(b)));
    const Register rotate = _mm256_setr_epi8(3, 0, 1, 2, 7, 4, 5, 6, 11, 8, 9, 10, 15, 12, 13, 14,  //
                                             3, 0, 1, 2, 7, 4, 5, 6, 11, 8, 9, 10, 15, 12, 13, 14);
    return _mm256_shuffle_epi8(_mm256_add_epi32(to, _mm256_castps_si256(y)), rotate);
  }
};

#include "probes/backend/host/fma/chain.inl"

}  // namespace

void fma_f64_avx2(uint64_t* state, const uint64_t* params, uint32_t) {
  fma_chain<Doubles>(state, params);
}
void fma_f32_avx2(uint64_t* state, const uint64_t* params, uint32_t) {
  fma_chain<Floats>(state, params);
}

}  // namespace assay::probes::host
