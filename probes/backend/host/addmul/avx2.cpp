// SPDX-License-Identifier: Apache-2.0
#include <immintrin.h>

#include "probes/backend/host/addmul/variants.h"
#include "probes/catalogue/addmul.h"

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
  static __m256d number(Register bits) { return _mm256_castsi256_pd(bits); }
  static Register bits(__m256d number) { return _mm256_castpd_si256(number); }
  static Register window(Register w) {
    return _mm256_or_si256(_mm256_and_si256(w, _mm256_set1_epi64x(static_cast<int64_t>(addmul::kKeepF64))),
                           _mm256_set1_epi64x(static_cast<int64_t>(addmul::kSetF64)));
  }
  static Register add(Register x, Register y) { return bits(_mm256_add_pd(number(x), number(y))); }
  static Register subtract(Register x, Register y) { return bits(_mm256_sub_pd(number(x), number(y))); }
  static Register multiply(Register x, Register y) { return bits(_mm256_mul_pd(number(x), number(y))); }
  static Register fold(Register w, Register y) {
    // Rotating by 24 bits is a permutation of bytes.
    const Register rotate = _mm256_setr_epi8(5, 6, 7, 0, 1, 2, 3, 4, 13, 14, 15, 8, 9, 10, 11, 12,  //
                                             5, 6, 7, 0, 1, 2, 3, 4, 13, 14, 15, 8, 9, 10, 11, 12);
    return _mm256_shuffle_epi8(_mm256_add_epi64(w, y), rotate);
  }
};

struct Floats : Vector {
  static __m256 number(Register bits) { return _mm256_castsi256_ps(bits); }
  static Register bits(__m256 number) { return _mm256_castps_si256(number); }
  static Register window(Register w) {
    return _mm256_or_si256(_mm256_and_si256(w, _mm256_set1_epi32(static_cast<int32_t>(addmul::kKeepF32))),
                           _mm256_set1_epi32(static_cast<int32_t>(addmul::kSetF32)));
  }
  static Register add(Register x, Register y) { return bits(_mm256_add_ps(number(x), number(y))); }
  static Register subtract(Register x, Register y) { return bits(_mm256_sub_ps(number(x), number(y))); }
  static Register multiply(Register x, Register y) { return bits(_mm256_mul_ps(number(x), number(y))); }
  static Register fold(Register w, Register y) {
    // Rotating by 8 bits is a permutation of bytes.
    const Register rotate = _mm256_setr_epi8(3, 0, 1, 2, 7, 4, 5, 6, 11, 8, 9, 10, 15, 12, 13, 14,  //
                                             3, 0, 1, 2, 7, 4, 5, 6, 11, 8, 9, 10, 15, 12, 13, 14);
    return _mm256_shuffle_epi8(_mm256_add_epi32(w, y), rotate);
  }
};

#include "probes/backend/host/addmul/chain.inl"

}  // namespace

void addmul_f64_avx2(uint64_t* state, const uint64_t* params, uint32_t) {
  addmul_chain<Doubles>(state, params);
}
void addmul_f32_avx2(uint64_t* state, const uint64_t* params, uint32_t) {
  addmul_chain<Floats>(state, params);
}

}  // namespace assay::probes::host
