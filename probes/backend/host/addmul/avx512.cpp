// SPDX-License-Identifier: Apache-2.0
#include <immintrin.h>

#include "probes/backend/host/addmul/variants.h"
#include "probes/catalogue/addmul.h"

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
  static __m512d number(Register bits) { return _mm512_castsi512_pd(bits); }
  static Register bits(__m512d number) { return _mm512_castpd_si512(number); }
  static Register window(Register w) {
    return _mm512_ternarylogic_epi64(w, _mm512_set1_epi64(static_cast<int64_t>(addmul::kKeepF64)),
                                     _mm512_set1_epi64(static_cast<int64_t>(addmul::kSetF64)), kAndOr);
  }
  static Register add(Register x, Register y) { return bits(_mm512_add_pd(number(x), number(y))); }
  static Register subtract(Register x, Register y) { return bits(_mm512_sub_pd(number(x), number(y))); }
  static Register multiply(Register x, Register y) { return bits(_mm512_mul_pd(number(x), number(y))); }
  static Register fold(Register w, Register y) {
    return _mm512_rol_epi64(_mm512_add_epi64(w, y), 24);
  }
};

struct Floats : Vector {
  static __m512 number(Register bits) { return _mm512_castsi512_ps(bits); }
  static Register bits(__m512 number) { return _mm512_castps_si512(number); }
  static Register window(Register w) {
    return _mm512_ternarylogic_epi32(w, _mm512_set1_epi32(static_cast<int32_t>(addmul::kKeepF32)),
                                     _mm512_set1_epi32(static_cast<int32_t>(addmul::kSetF32)), kAndOr);
  }
  static Register add(Register x, Register y) { return bits(_mm512_add_ps(number(x), number(y))); }
  static Register subtract(Register x, Register y) { return bits(_mm512_sub_ps(number(x), number(y))); }
  static Register multiply(Register x, Register y) { return bits(_mm512_mul_ps(number(x), number(y))); }
  static Register fold(Register w, Register y) {
    return _mm512_rol_epi32(_mm512_add_epi32(w, y), 8);
  }
};

#include "probes/backend/host/addmul/chain.inl"

}  // namespace

void addmul_f64_avx512(uint64_t* state, const uint64_t* params, uint32_t) {
  addmul_chain<Doubles>(state, params);
}
void addmul_f32_avx512(uint64_t* state, const uint64_t* params, uint32_t) {
  addmul_chain<Floats>(state, params);
}

}  // namespace assay::probes::host
