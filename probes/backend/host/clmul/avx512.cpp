// SPDX-License-Identifier: Apache-2.0
#include <immintrin.h>

#include "probes/backend/host/clmul/variants.h"
#include "probes/catalogue/clmul.h"

namespace assay::probes::host {
namespace {

struct Four {
  using Register = __m512i;
  static constexpr uint32_t kLanes = 4;
  static constexpr uint32_t kTogether = 4;

  static __m512i load(const uint64_t* from) { return _mm512_load_si512(from); }
  static void store(uint64_t* to, __m512i a) { _mm512_store_si512(to, a); }
  static __m512i lanes(uint64_t low, uint64_t high) {
    return _mm512_broadcast_i32x4(_mm_set_epi64x(static_cast<int64_t>(high), static_cast<int64_t>(low)));
  }
  template <int kWhich>
  static __m512i multiply(__m512i a, __m512i b) { return _mm512_clmulepi64_epi128(a, b, kWhich); }
  static __m512i up(__m512i a) { return _mm512_bslli_epi128(a, 8); }
  static __m512i down(__m512i a) { return _mm512_bsrli_epi128(a, 8); }
  static __m512i exclusive(__m512i a, __m512i b) { return _mm512_xor_si512(a, b); }
  static __m512i add(__m512i a, __m512i b) { return _mm512_add_epi64(a, b); }
  static __m512i fold(__m512i a, __m512i b) { return _mm512_rol_epi64(add(a, b), 24); }
};

#include "probes/backend/host/clmul/chain.inl"

}  // namespace

void clmul_avx512(uint64_t* state, const uint64_t* params, uint32_t) { clmul_chain<Four>(state, params); }

}  // namespace assay::probes::host
