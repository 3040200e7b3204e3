// SPDX-License-Identifier: Apache-2.0
// The multipliers of FP16: a product is rounded, and a fused multiply-subtract gives what the rounding lost, exactly, for
// the range of gemm_grid.h keeps both in FP16. Their sum in FP32 is the product.
#include <immintrin.h>

#include "probes/backend/host/gemm_grid/blocks.h"
#include "probes/backend/host/gemm_grid/variants.h"
#include "probes/catalogue/gemm_grid.h"

namespace assay::probes::host {
namespace {

constexpr unsigned kLanes = kGridFp16.columns();

__m512 widen_low(__m512h halves) {
  return _mm512_cvtph_ps(_mm512_castsi512_si256(_mm512_castph_si512(halves)));
}
__m512 widen_high(__m512h halves) {
  return _mm512_cvtph_ps(_mm512_extracti64x4_epi64(_mm512_castph_si512(halves), 1));
}

}  // namespace

void grid_fp16_avx512_fp16(const GridStep& step) {
  const auto* a = static_cast<const uint16_t*>(step.a);
  const auto* b = static_cast<const uint16_t*>(step.b);
  for (unsigned j = 0; j < gemm_grid::kColumns; j += kLanes) {
    for (unsigned i = 0; i < gemm_grid::kRows; ++i) {
      __m512 low = _mm512_setzero_ps();
      __m512 high = _mm512_setzero_ps();
      for (unsigned t = 0; t < gemm_grid::kDepth; ++t) {
        const uint16_t code = a[i * gemm_grid::kDepth + (t + step.shift) % gemm_grid::kDepth];
        const __m512h x = _mm512_castsi512_ph(_mm512_set1_epi16(static_cast<short>(code)));
        const __m512h y = _mm512_castsi512_ph(_mm512_load_si512(b + j * gemm_grid::kDepth + t * kLanes));
        const __m512h product = _mm512_mul_ph(x, y);
        const __m512h lost = _mm512_fmsub_ph(x, y, product);
        low = _mm512_add_ps(_mm512_add_ps(low, widen_low(product)), widen_low(lost));
        high = _mm512_add_ps(_mm512_add_ps(high, widen_high(product)), widen_high(lost));
      }
      float* c = reinterpret_cast<float*>(step.c) + i * gemm_grid::kColumns + j;
      _mm512_store_ps(c, low);
      _mm512_store_ps(c + 16, high);
    }
  }
}

}  // namespace assay::probes::host
