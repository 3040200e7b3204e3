// SPDX-License-Identifier: Apache-2.0
#include <immintrin.h>

#include "probes/backend/host/gemm/blocks.h"
#include "probes/backend/host/gemm/variants.h"
#include "probes/catalogue/gemm.h"

namespace assay::probes::host {
namespace {

struct Doubles {
  using Element = double;
  using Register = __m512d;
  static constexpr int kWidth = 8;
  static Register zero() { return _mm512_setzero_pd(); }
  static Register load(const double* from) { return _mm512_load_pd(from); }
  static Register broadcast(const double* from) { return _mm512_set1_pd(*from); }
  static Register fused(Register a, Register b, Register c) { return _mm512_fmadd_pd(a, b, c); }
  static void store(double* to, Register value) { _mm512_store_pd(to, value); }
};

struct Floats {
  using Element = float;
  using Register = __m512;
  static constexpr int kWidth = 16;
  static Register zero() { return _mm512_setzero_ps(); }
  static Register load(const float* from) { return _mm512_load_ps(from); }
  static Register broadcast(const float* from) { return _mm512_set1_ps(*from); }
  static Register fused(Register a, Register b, Register c) { return _mm512_fmadd_ps(a, b, c); }
  static void store(float* to, Register value) { _mm512_store_ps(to, value); }
};

#include "probes/backend/host/gemm/tile.inl"

}  // namespace

void gemm_f64_avx512(const double* a, const double* b, uint32_t shift, double* c) {
  gemm_product<Doubles, kGemmAvx512.rows, kGemmAvx512.vectors>(a, b, shift, c, gemm::kRowsF64);
}
void gemm_f32_avx512(const float* a, const float* b, uint32_t shift, float* c) {
  gemm_product<Floats, kGemmAvx512.rows, kGemmAvx512.vectors>(a, b, shift, c, gemm::kRowsF32);
}

}  // namespace assay::probes::host
