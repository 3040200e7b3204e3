// SPDX-License-Identifier: Apache-2.0
#include <immintrin.h>

#include "probes/backend/host/gemm_grid/blocks.h"
#include "probes/backend/host/gemm_grid/variants.h"
#include "probes/catalogue/gemm.h"
#include "probes/catalogue/gemm_grid.h"

namespace assay::probes::host {
namespace {

#include "probes/backend/host/gemm/tile.inl"
#include "probes/backend/host/gemm_grid/product.inl"

struct Floats {
  using Element = uint32_t;
  using Register = __m512;
  static constexpr int kWidth = 16;
  static Register zero() { return _mm512_setzero_ps(); }
  static Register load(const uint32_t* from) { return _mm512_load_ps(reinterpret_cast<const float*>(from)); }
  static Register broadcast(const uint32_t* from) { return _mm512_set1_ps(__builtin_bit_cast(float, *from)); }
  static Register fused(Register a, Register b, Register c) { return _mm512_fmadd_ps(a, b, c); }
  static void store(uint32_t* to, Register value) { _mm512_store_ps(reinterpret_cast<float*>(to), value); }
};

// Pairs of 16-bit integers: the products are added as 32 bits.
struct Pairs {
  using Element = uint32_t;
  using Register = __m512i;
  static constexpr int kWidth = 16;
  static Register zero() { return _mm512_setzero_si512(); }
  static Register load(const uint32_t* from) { return _mm512_load_si512(reinterpret_cast<const __m512i*>(from)); }
  static Register broadcast(const uint32_t* from) { return _mm512_set1_epi32(static_cast<int>(*from)); }
  static Register fused(Register a, Register b, Register c) {
    return _mm512_add_epi32(_mm512_madd_epi16(a, b), c);
  }
  static void store(uint32_t* to, Register value) { _mm512_store_si512(reinterpret_cast<__m512i*>(to), value); }
};

// With the conversion instruction.
void convert_halves(const void* codes, unsigned count, uint32_t* out) {
  const auto* from = static_cast<const uint16_t*>(codes);
  for (unsigned i = 0; i < count; i += 16) {
    const __m256i halves = _mm256_load_si256(reinterpret_cast<const __m256i*>(from + i));
    Floats::store(out + i, _mm512_cvtph_ps(halves));
  }
}

}  // namespace

void grid_tf32_avx512(const GridStep& step) { decode_and_multiply<Floats, Tf32Code, kGridAvx512>(step); }
void grid_fp16_avx512(const GridStep& step) {
  convert_halves(step.a, gemm_grid::kRows * gemm_grid::kDepth, step.scratch_a);
  convert_halves(step.b, gemm_grid::kColumns * gemm_grid::kDepth, step.scratch_b);
  multiply_units<Floats, kGridAvx512>(step.scratch_a, step.scratch_b, step);
}
void grid_bf16_avx512(const GridStep& step) { decode_and_multiply<Floats, Bf16Code, kGridAvx512>(step); }
void grid_e4m3_avx512(const GridStep& step) { decode_and_multiply<Floats, E4m3Code, kGridAvx512>(step); }
void grid_e5m2_avx512(const GridStep& step) { decode_and_multiply<Floats, E5m2Code, kGridAvx512>(step); }
void grid_int8_avx512(const GridStep& step) {
  decode_and_multiply<Pairs, IntegerCode<int16_t, 8>, kGridAvx512Pairs>(step);
}
void grid_int4_avx512(const GridStep& step) {
  decode_and_multiply<Pairs, IntegerCode<int16_t, 4>, kGridAvx512Pairs>(step);
}
void grid_mxfp6_avx512(const GridStep& step) { scale_and_multiply<Floats, E2m3Code, E3m2Code, 32, kGridAvx512>(step); }
void grid_mxfp4_avx512(const GridStep& step) { scale_and_multiply<Floats, E2m1Code, E2m1Code, 32, kGridAvx512>(step); }
void grid_nvfp4_avx512(const GridStep& step) { scale_and_multiply<Floats, E2m1Code, E2m1Code, 16, kGridAvx512>(step); }

}  // namespace assay::probes::host
