// SPDX-License-Identifier: Apache-2.0
#include <immintrin.h>

#include "probes/backend/host/logistic/variants.h"
#include "probes/catalogue/logistic.h"

namespace assay::probes::host {
namespace {

// (x & keep) | set in one instruction: the truth table of (A & B) | C.
constexpr int kAndOr = 0xEA;

struct EightDoubles {
  using Register = __m512d;
  using Word = __m512i;
  static constexpr uint32_t kWords = 8;
  static constexpr uint32_t kTogether = 4;
  static Word load(const uint64_t* from) { return _mm512_load_si512(from); }
  static void store(uint64_t* to, Word value) { _mm512_store_si512(to, value); }
  static Register floats(Word word) { return _mm512_castsi512_pd(word); }
  static Register window(Word word) {
    return floats(_mm512_ternarylogic_epi64(word, _mm512_set1_epi64(static_cast<int64_t>(logistic::kKeep)),
                                            _mm512_set1_epi64(static_cast<int64_t>(logistic::kSet)), kAndOr));
  }
  static Register fused(Register a, Register x) {
    const Register t = _mm512_mul_pd(a, x);
    return _mm512_fnmadd_pd(t, x, t);
  }
  static Register plain(Register a, Register x) {
    return _mm512_mul_pd(a, _mm512_mul_pd(x, _mm512_sub_pd(_mm512_set1_pd(1.0), x)));
  }
  static Word gather(Word word, Register x) {
    return _mm512_rol_epi64(_mm512_add_epi64(word, _mm512_castpd_si512(x)), 24);
  }
};

#include "probes/backend/host/logistic/orbit.inl"

}  // namespace

void logistic_avx512(uint64_t* state, const uint64_t* params, uint32_t) {
  logistic_orbits<EightDoubles>(state, params);
}

}  // namespace assay::probes::host
