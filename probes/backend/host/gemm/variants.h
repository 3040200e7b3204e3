// SPDX-License-Identifier: Apache-2.0
// The entry points of the files that are compiled for one instruction set each. They take raw pointers and use no
// library, so that nothing inline is emitted there with instructions that the rest of the program must not contain.
// See GemmF64 and GemmF32 in gemm/kernel.h.
#pragma once

#include <cstdint>

namespace assay::probes::host {

void gemm_f64_scalar(const double* a, const double* b, uint32_t shift, double* c);
void gemm_f64_neon(const double* a, const double* b, uint32_t shift, double* c);
void gemm_f64_avx2(const double* a, const double* b, uint32_t shift, double* c);
void gemm_f64_avx512(const double* a, const double* b, uint32_t shift, double* c);
void gemm_f32_scalar(const float* a, const float* b, uint32_t shift, float* c);
void gemm_f32_neon(const float* a, const float* b, uint32_t shift, float* c);
void gemm_f32_avx2(const float* a, const float* b, uint32_t shift, float* c);
void gemm_f32_avx512(const float* a, const float* b, uint32_t shift, float* c);

}  // namespace assay::probes::host
