// SPDX-License-Identifier: Apache-2.0
#include <immintrin.h>

#include "probes/backend/host/div/variants.h"
#include "probes/catalogue/div.h"

namespace assay::probes::host {
namespace {

struct Vector {
  using Register = __m128i;
  static constexpr uint32_t kWords = 2;
  static Register load(const uint64_t* from) { return _mm_load_si128(reinterpret_cast<const __m128i*>(from)); }
  static void store(uint64_t* to, Register value) { _mm_store_si128(reinterpret_cast<__m128i*>(to), value); }
  static Register window(Register h, const div::Window& window) {
    return _mm_or_si128(_mm_and_si128(h, _mm_set1_epi64x(static_cast<int64_t>(window.keep))),
                        _mm_set1_epi64x(static_cast<int64_t>(window.set)));
  }
};

struct Doubles : Vector {
  static constexpr div::Window kWindow = div::kWindowF64;
  static constexpr div::Window kPositive = div::kPositiveF64;
  static Register divide(Register a, Register x) {
    return _mm_castpd_si128(_mm_div_pd(_mm_castsi128_pd(a), _mm_castsi128_pd(x)));
  }
  static Register root(Register x) { return _mm_castpd_si128(_mm_sqrt_pd(_mm_castsi128_pd(x))); }
  static Register take_in(Register h, Register y) {
    const Register sum = _mm_add_epi64(h, y);
    return _mm_or_si128(_mm_slli_epi64(sum, 24), _mm_srli_epi64(sum, 40));
  }
};

struct Floats : Vector {
  static constexpr div::Window kWindow = div::kWindowF32;
  static constexpr div::Window kPositive = div::kPositiveF32;
  static Register divide(Register a, Register x) {
    return _mm_castps_si128(_mm_div_ps(_mm_castsi128_ps(a), _mm_castsi128_ps(x)));
  }
  static Register root(Register x) { return _mm_castps_si128(_mm_sqrt_ps(_mm_castsi128_ps(x))); }
  static Register take_in(Register h, Register y) {
    const Register sum = _mm_add_epi32(h, y);
    return _mm_or_si128(_mm_slli_epi32(sum, 8), _mm_srli_epi32(sum, 24));
  }
};

#include "probes/backend/host/div/chain.inl"

}  // namespace

void div_f64_sse(uint64_t* state, const uint64_t* params, uint32_t) {
  div_chain<Doubles>(state, params);
}
void div_f32_sse(uint64_t* state, const uint64_t* params, uint32_t) {
  div_chain<Floats>(state, params);
}

}  // namespace assay::probes::host
