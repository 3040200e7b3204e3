// SPDX-License-Identifier: Apache-2.0
#include <immintrin.h>

#include "probes/backend/host/fma/variants.h"
#include "probes/catalogue/fma.h"

namespace assay::probes::host {
namespace {

// (x & keep) | set in one instruction: the truth table of (A & B) | C.
constexpr int kAndOr = 0xEA;

struct Vector {
  using Register = __m512i;
  static constexpr uint32_t kWords = 8;
  static constexpr uint32_t kTogether = 4;
  static Register load(const uint64_t* from) { return _mm512_load_si512(from); }
  static void store(uint64_t* to, Register value) { _mm512_store_si512(to, value); }
};

struct Doubles : Vector {
  static Register take_in(Register to, Register from, const uint64_t* a, const uint64_t* b) {
    const Register x = _mm512_ternarylogic_epi64(from, _mm512_set1_epi64(static_cast<int64_t>(fma::kKeepF64)),
                                                 _mm512_set1_epi64(static_cast<int64_t>(fma::kSetF64)), kAndOr);
    const __m512d y =
        _mm512_fmadd_pd(_mm512_castsi512_pd(x), _mm512_castsi512_pd(load(a)), _mm512_castsi512_pd(load(b)));
    return _mm512_rol_epi64(_mm512_add_epi64(to, _mm512_castpd_si512(y)), 24);
  }
};

struct Floats : Vector {
  static Register take_in(Register to, Register from, const uint64_t* a, const uint64_t* b) {
    const Register x = _mm512_ternarylogic_epi32(from, _mm512_set1_epi32(static_cast<int32_t>(fma::kKeepF32)),
                                                 _mm512_set1_epi32(static_cast<int32_t>(fma::kSetF32)), kAndOr);
    const __m512 y =
        _mm512_fmadd_ps(_mm512_castsi512_ps(x), _mm512_castsi512_ps(load(a)), _mm512_castsi512_ps(load(b)));
    return _mm512_rol_epi32(_mm512_add_epi32(to, _mm512_castps_si512(y)), 8);
  }
};

#include "probes/backend/host/fma/chain.inl"

}  // namespace

void fma_f64_avx512(uint64_t* state, const uint64_t* params, uint32_t) {
  fma_chain<Doubles>(state, params);
}
void fma_f32_avx512(uint64_t* state, const uint64_t* params, uint32_t) {
  fma_chain<Floats>(state, params);
}

}  // namespace assay::probes::host
