// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/gemm/blocks.h"
#include "probes/backend/host/gemm/variants.h"
#include "probes/catalogue/gemm.h"

namespace assay::probes::host {
namespace {

// Multiplies and adds apart: exact on the grid, and runs on any CPU.
template <typename T>
struct Scalar {
  using Element = T;
  using Register = T;
  static constexpr int kWidth = 1;
  static T zero() { return 0; }
  static T load(const T* from) { return *from; }
  static T broadcast(const T* from) { return *from; }
  static T fused(T a, T b, T c) { return a * b + c; }
  static void store(T* to, T value) { *to = value; }
};

#include "probes/backend/host/gemm/tile.inl"

}  // namespace

void gemm_f64_scalar(const double* a, const double* b, uint32_t shift, double* c) {
  gemm_product<Scalar<double>, kGemmScalar.rows, kGemmScalar.vectors>(a, b, shift, c, gemm::kRowsF64);
}
void gemm_f32_scalar(const float* a, const float* b, uint32_t shift, float* c) {
  gemm_product<Scalar<float>, kGemmScalar.rows, kGemmScalar.vectors>(a, b, shift, c, gemm::kRowsF32);
}

}  // namespace assay::probes::host
