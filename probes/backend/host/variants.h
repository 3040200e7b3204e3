// SPDX-License-Identifier: Apache-2.0
// The entry points of the files that are compiled for one instruction set each. They take raw pointers and use no
// library, so that nothing inline is emitted there with instructions that the rest of the program must not contain.
#pragma once

#include <cstdint>

#include "probes/backend/host/march_pass.h"

namespace assay::probes::host {

// Matrix products: see GemmF64 and GemmF32.
void gemm_f64_scalar(const double* a, const double* b, uint32_t shift, double* c);
void gemm_f64_neon(const double* a, const double* b, uint32_t shift, double* c);
void gemm_f64_avx2(const double* a, const double* b, uint32_t shift, double* c);
void gemm_f64_avx512(const double* a, const double* b, uint32_t shift, double* c);
void gemm_f32_scalar(const float* a, const float* b, uint32_t shift, float* c);
void gemm_f32_neon(const float* a, const float* b, uint32_t shift, float* c);
void gemm_f32_avx2(const float* a, const float* b, uint32_t shift, float* c);
void gemm_f32_avx512(const float* a, const float* b, uint32_t shift, float* c);

// Marches: see MarchFunction.
void march_scalar(uint64_t* memory, uint64_t* output, const MarchPass& pass);
void march_neon(uint64_t* memory, uint64_t* output, const MarchPass& pass);
void march_avx2(uint64_t* memory, uint64_t* output, const MarchPass& pass);
void march_avx512(uint64_t* memory, uint64_t* output, const MarchPass& pass);

// Chains: see ChainStep and probes/catalogue/<family>.h.
void fma_f64_scalar(uint64_t* state, const uint64_t* params, uint32_t step);
void fma_f64_neon(uint64_t* state, const uint64_t* params, uint32_t step);
void fma_f64_avx2(uint64_t* state, const uint64_t* params, uint32_t step);
void fma_f64_avx512(uint64_t* state, const uint64_t* params, uint32_t step);
void fma_f32_scalar(uint64_t* state, const uint64_t* params, uint32_t step);
void fma_f32_neon(uint64_t* state, const uint64_t* params, uint32_t step);
void fma_f32_avx2(uint64_t* state, const uint64_t* params, uint32_t step);
void fma_f32_avx512(uint64_t* state, const uint64_t* params, uint32_t step);
void int_mul_scalar(uint64_t* state, const uint64_t* params, uint32_t step);
void int_mul_avx2(uint64_t* state, const uint64_t* params, uint32_t step);
void int_mul_avx512(uint64_t* state, const uint64_t* params, uint32_t step);
void div_f64_scalar(uint64_t* state, const uint64_t* params, uint32_t step);
void div_f64_neon(uint64_t* state, const uint64_t* params, uint32_t step);
void div_f64_avx2(uint64_t* state, const uint64_t* params, uint32_t step);
void div_f64_avx512(uint64_t* state, const uint64_t* params, uint32_t step);
void crc32c_scalar(uint64_t* state, const uint64_t* params, uint32_t step);
void crc32c_neon(uint64_t* state, const uint64_t* params, uint32_t step);
void crc32c_avx2(uint64_t* state, const uint64_t* params, uint32_t step);
void aes_scalar(uint64_t* state, const uint64_t* params, uint32_t step);
void aes_neon(uint64_t* state, const uint64_t* params, uint32_t step);
void aes_avx2(uint64_t* state, const uint64_t* params, uint32_t step);
void aes_avx512(uint64_t* state, const uint64_t* params, uint32_t step);
void shuffle_scalar(uint64_t* state, const uint64_t* params, uint32_t step);
void shuffle_neon(uint64_t* state, const uint64_t* params, uint32_t step);
void shuffle_avx2(uint64_t* state, const uint64_t* params, uint32_t step);
void shuffle_avx512(uint64_t* state, const uint64_t* params, uint32_t step);

}  // namespace assay::probes::host
