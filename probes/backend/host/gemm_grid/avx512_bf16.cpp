// SPDX-License-Identifier: Apache-2.0
// VDPBF16PS: two fused multiply-adds of a pair into FP32, rounded to nearest even, subnormals taken and given as zero
// whatever MXCSR says. On the grid nothing is rounded and nothing is subnormal.
#include <immintrin.h>

#include "probes/backend/host/gemm_grid/blocks.h"
#include "probes/backend/host/gemm_grid/variants.h"
#include "probes/catalogue/gemm.h"
#include "probes/catalogue/gemm_grid.h"

namespace assay::probes::host {
namespace {

#include "probes/backend/host/gemm/tile.inl"
#include "probes/backend/host/gemm_grid/product.inl"

struct Bf16Pairs {
  using Element = uint32_t;
  using Register = __m512;
  static constexpr int kWidth = 16;
  static Register zero() { return _mm512_setzero_ps(); }
  static Register load(const uint32_t* from) { return _mm512_load_ps(reinterpret_cast<const float*>(from)); }
  static Register broadcast(const uint32_t* from) {
    return _mm512_castsi512_ps(_mm512_set1_epi32(static_cast<int>(*from)));
  }
  static Register fused(Register a, Register b, Register c) {
    return _mm512_dpbf16_ps(c, reinterpret_cast<__m512bh>(a), reinterpret_cast<__m512bh>(b));
  }
  static void store(uint32_t* to, Register value) { _mm512_store_ps(reinterpret_cast<float*>(to), value); }
};

}  // namespace

void grid_bf16_avx512_bf16(const GridStep& step) {
  multiply_units<Bf16Pairs, kGridAvx512Pairs>(static_cast<const uint32_t*>(step.a), static_cast<const uint32_t*>(step.b), step);
}

}  // namespace assay::probes::host
