// SPDX-License-Identifier: Apache-2.0
#include <immintrin.h>

#include "probes/backend/host/div/variants.h"
#include "probes/catalogue/div.h"

namespace assay::probes::host {
namespace {

struct Vector {
  using Register = __m256i;
  static constexpr uint32_t kWords = 4;
  static Register load(const uint64_t* from) { return _mm256_load_si256(reinterpret_cast<const __m256i*>(from)); }
  static void store(uint64_t* to, Register value) { _mm256_store_si256(reinterpret_cast<__m256i*>(to), value); }
  static Register window(Register h, const div::Window& window) {
    return _mm256_or_si256(_mm256_and_si256(h, _mm256_set1_epi64x(static_cast<int64_t>(window.keep))),
                           _mm256_set1_epi64x(static_cast<int64_t>(window.set)));
  }
};

struct Doubles : Vector {
  static constexpr div::Window kWindow = div::kWindowF64;
  static constexpr div::Window kPositive = div::kPositiveF64;
  static Register divide(Register a, Register x) {
    return _mm256_castpd_si256(_mm256_div_pd(_mm256_castsi256_pd(a), _mm256_castsi256_pd(x)));
  }
  static Register root(Register x) { return _mm256_castpd_si256(_mm256_sqrt_pd(_mm256_castsi256_pd(x))); }
  static Register take_in(Register h, Register y) {
    const Register sum = _mm256_add_epi64(h, y);
    return _mm256_or_si256(_mm256_slli_epi64(sum, 24), _mm256_srli_epi64(sum, 40));
  }
};

struct Floats : Vector {
  static constexpr div::Window kWindow = div::kWindowF32;
  static constexpr div::Window kPositive = div::kPositiveF32;
  static Register divide(Register a, Register x) {
    return _mm256_castps_si256(_mm256_div_ps(_mm256_castsi256_ps(a), _mm256_castsi256_ps(x)));
  }
  static Register root(Register x) { return _mm256_castps_si256(_mm256_sqrt_ps(_mm256_castsi256_ps(x))); }
  static Register take_in(Register h, Register y) {
    const Register sum = _mm256_add_epi32(h, y);
    return _mm256_or_si256(_mm256_slli_epi32(sum, 8), _mm256_srli_epi32(sum, 24));
  }
};

#include "probes/backend/host/div/chain.inl"

}  // namespace

void div_f64_avx2(uint64_t* state, const uint64_t* params, uint32_t) {
  div_chain<Doubles>(state, params);
}
void div_f32_avx2(uint64_t* state, const uint64_t* params, uint32_t) {
  div_chain<Floats>(state, params);
}

}  // namespace assay::probes::host
