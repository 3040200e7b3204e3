// SPDX-License-Identifier: Apache-2.0
#include <immintrin.h>

#include "probes/backend/host/cvt/variants.h"
#include "probes/catalogue/cvt.h"

namespace assay::probes::host {
namespace {

#include "probes/backend/host/cvt/avx512.inl"

struct Vector : Conversions {
  static Register single_to_bfloat(Register f) {
    return _mm512_cvtepu16_epi32(__builtin_bit_cast(__m256i, _mm512_cvtneps_pbh(_mm512_castsi512_ps(f))));
  }
};

#include "probes/backend/host/cvt/chain.inl"

}  // namespace

void cvt_avx512_bf16(uint64_t* state, const uint64_t* params, uint32_t step) {
  cvt_chain<Vector>(state, params, step);
}

}  // namespace assay::probes::host
