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
  static Register window(Register h, uint64_t keep, uint64_t set) {
    return _mm512_or_si512(_mm512_and_si512(h, _mm512_set1_epi64(static_cast<int64_t>(keep))),
                           _mm512_set1_epi64(static_cast<int64_t>(set)));
  }
  static Register divide(Register a, Register x) {
    return _mm512_castpd_si512(_mm512_div_pd(_mm512_castsi512_pd(a), _mm512_castsi512_pd(x)));
  }
  static Register root(Register x) { return _mm512_castpd_si512(_mm512_sqrt_pd(_mm512_castsi512_pd(x))); }
  static Register take_in(Register h, Register y) { return _mm512_rol_epi64(_mm512_add_epi64(h, y), 24); }
};

#include "probes/backend/host/div/chain.inl"

}  // namespace

void div_f64_avx512(uint64_t* state, const uint64_t* params, uint32_t) {
  div_chain<Vector>(state, params);
}

}  // namespace assay::probes::host
