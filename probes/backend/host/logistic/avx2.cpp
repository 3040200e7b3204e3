// SPDX-License-Identifier: Apache-2.0
#include <immintrin.h>

#include "probes/backend/host/logistic/variants.h"
#include "probes/catalogue/logistic.h"

namespace assay::probes::host {
namespace {

struct FourDoubles {
  using Register = __m256d;
  using Word = __m256i;
  static constexpr uint32_t kWords = 4;
  static constexpr uint32_t kTogether = 4;
  static Word load(const uint64_t* from) { return _mm256_load_si256(reinterpret_cast<const __m256i*>(from)); }
  static void store(uint64_t* to, Word value) { _mm256_store_si256(reinterpret_cast<__m256i*>(to), value); }
  static Register floats(Word word) { return _mm256_castsi256_pd(word); }
  static Register window(Word word) {
    return floats(_mm256_or_si256(_mm256_and_si256(word, _mm256_set1_epi64x(static_cast<int64_t>(logistic::kKeep))),
                                  _mm256_set1_epi64x(static_cast<int64_t>(logistic::kSet))));
  }
  static Register fused(Register a, Register x) {
    const Register t = _mm256_mul_pd(a, x);
    return _mm256_fnmadd_pd(t, x, t);
  }
  static Register plain(Register a, Register x) {
    return _mm256_mul_pd(a, _mm256_mul_pd(x, _mm256_sub_pd(_mm256_set1_pd(1.0), x)));
  }
  static Word gather(Word word, Register x) {
    // Rotating by 24 bits is a permutation of bytes.
    const Word rotate = _mm256_setr_epi8(5, 6, 7, 0, 1, 2, 3, 4, 13, 14, 15, 8, 9, 10, 11, 12,  //
                                         5, 6, 7, 0, 1, 2, 3, 4, 13, 14, 15, 8, 9, 10, 11, 12);
    return _mm256_shuffle_epi8(_mm256_add_epi64(word, _mm256_castpd_si256(x)), rotate);
  }
};

#include "probes/backend/host/logistic/orbit.inl"

}  // namespace

void logistic_avx2(uint64_t* state, const uint64_t* params, uint32_t) {
  logistic_orbits<FourDoubles>(state, params);
}

}  // namespace assay::probes::host
