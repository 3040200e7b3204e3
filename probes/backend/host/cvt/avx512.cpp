// SPDX-License-Identifier: Apache-2.0
#include <immintrin.h>

#include "probes/backend/host/cvt/variants.h"
#include "probes/catalogue/cvt.h"

namespace assay::probes::host {
namespace {

#include "probes/backend/host/cvt/avx512.inl"

// BF16 in integers.
struct Vector : Conversions {
  static Register single_to_bfloat(Register f) {
    const Register odd = _mm512_and_si512(_mm512_srli_epi32(f, 16), all32(1));
    return _mm512_srli_epi32(_mm512_add_epi32(_mm512_add_epi32(f, all32(0x7FFF)), odd), 16);
  }
};

#include "probes/backend/host/cvt/chain.inl"

}  // namespace

void cvt_avx512(uint64_t* state, const uint64_t* params, uint32_t step) {
  cvt_chain<Vector>(state, params, step);
}

}  // namespace assay::probes::host
