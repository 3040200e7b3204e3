// SPDX-License-Identifier: Apache-2.0
#include <arm_neon.h>

#include "probes/backend/host/gemm/blocks.h"
#include "probes/backend/host/gemm/variants.h"
#include "probes/catalogue/gemm.h"

namespace assay::probes::host {
namespace {

struct Doubles {
  using Element = double;
  using Register = float64x2_t;
  static constexpr int kWidth = 2;
  static Register zero() { return vdupq_n_f64(0); }
  static Register load(const double* from) { return vld1q_f64(from); }
  static Register broadcast(const double* from) { return vld1q_dup_f64(from); }
  static Register fused(Register a, Register b, Register c) { return vfmaq_f64(c, a, b); }
  static void store(double* to, Register value) { vst1q_f64(to, value); }
};

struct Floats {
  using Element = float;
  using Register = float32x4_t;
  static constexpr int kWidth = 4;
  static Register zero() { return vdupq_n_f32(0); }
  static Register load(const float* from) { return vld1q_f32(from); }
  static Register broadcast(const float* from) { return vld1q_dup_f32(from); }
  static Register fused(Register a, Register b, Register c) { return vfmaq_f32(c, a, b); }
  static void store(float* to, Register value) { vst1q_f32(to, value); }
};

#include "probes/backend/host/gemm/tile.inl"

}  // namespace

void gemm_f64_neon(const double* a, const double* b, uint32_t shift, double* c) {
  gemm_product<Doubles, kGemmNeon.rows, kGemmNeon.vectors>(a, b, shift, c, gemm::kRowsF64);
}
void gemm_f32_neon(const float* a, const float* b, uint32_t shift, float* c) {
  gemm_product<Floats, kGemmNeon.rows, kGemmNeon.vectors>(a, b, shift, c, gemm::kRowsF32);
}

}  // namespace assay::probes::host
