// SPDX-License-Identifier: Apache-2.0
#include <immintrin.h>

#include "probes/backend/host/div/variants.h"
#include "probes/catalogue/div.h"

namespace assay::probes::host {
namespace {

struct Vector {
  using Register = __m512i;
  static constexpr uint32_t kWords = 8;
  static Register load(const uint64_t* from) { return _mm512_load_si512(from); }
  static void store(uint64_t* to, Register value) { _mm512_store_si512(to, value); }
  static Register window(Register h, const div::Window& window) {
    return _mm512_or_si512(_mm512_and_si512(h, _mm512_set1_epi64(static_cast<int64_t>(window.keep))),
                           _mm512_set1_epi64(static_cast<int64_t>(window.set)));
  }
};

struct Doubles : Vector {
  static constexpr div::Window kWindow = div::kWindowF64;
  static constexpr div::Window kPositive = div::kPositiveF64;
  static Register divide(Register a, Register x) {
    return _mm512_castpd_si512(_mm512_div_pd(_mm512_castsi512_pd(a), _mm512_castsi512_pd(x)));
  }
  static Register root(Register x) { return _mm512_castpd_si512(_mm512_sqrt_pd(_mm512_castsi512_pd(x))); }
  static Register take_in(Register h, Register y) {
    return _mm512_rol_epi64(_mm512_add_epi64(h, y), 24);
  }
};

struct Floats : Vector {
  static constexpr div::Window kWindow = div::kWindowF32;
  static constexpr div::Window kPositive = div::kPositiveF32;
  static Register divide(Register a, Register x) {
    return _mm512_castps_si512(_mm512_div_ps(_mm512_castsi512_ps(a), _mm512_castsi512_ps(x)));
  }
  static Register root(Register x) { return _mm512_castps_si512(_mm512_sqrt_ps(_mm512_castsi512_ps(x))); }
  static Register take_in(Register h, Register y) {
    return _mm512_rol_epi32(_mm512_add_epi32(h, y), 8);
  }
};

#include "probes/backend/host/div/chain.inl"

}  // namespace

void div_f64_avx512(uint64_t* state, const uint64_t* params, uint32_t) {
  div_chain<Doubles>(state, params);
}
void div_f32_avx512(uint64_t* state, const uint64_t* params, uint32_t) {
  div_chain<Floats>(state, params);
}

}  // namespace assay::probes::host
