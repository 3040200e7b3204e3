// SPDX-License-Identifier: Apache-2.0
// The wgmma programs: sm_90a alone.
#include <cstring>

#include "probes/backend/cuda/seat.cuh"
#include "probes/backend/cuda/tensor/wgmma.cuh"
#include "probes/backend/cuda/tensor/products.h"
#include "probes/backend/cuda/tensor/words.h"

struct TeamBarrier {
  static __device__ __forceinline__ void wait() { assay_team_barrier<assay::probes::tensor::kTeam>(); }
};

// The team's memory at a multiple of 16.
static __device__ __forceinline__ char* chunk_of(assay_u64* memory) { return reinterpret_cast<char*>((reinterpret_cast<assay_u64>(memory) + 15) / 16 * 16); }

template <assay::probes::tensor::Number kNumber, assay_u32 kTurns, assay_u32 kShift>
ASSAY_FN void step_on_device(assay_u64* memory, const assay_u64* params, assay_u64* out, assay_u32 me, assay_u32 step) {
  using namespace assay::probes::tensor;
#if ASSAY_TENSOR_SM90
  char* chunk = chunk_of(memory);
  const WgmmaLane<kNumber, TeamBarrier> team{me, chunk, static_cast<u32>(__cvta_generic_to_shared(chunk))};
  wgmma_step<kNumber, kTurns, kShift>(team, params, out, step);
#endif
}

#define ASSAY_PROGRAM wgmma_tf32
#define ASSAY_TENSOR_PRODUCT kWgmmaTf32
#include "probes/backend/cuda/tensor/step_entry.inl"

#define ASSAY_PROGRAM wgmma_fp16
#define ASSAY_TENSOR_PRODUCT kWgmmaFp16
#include "probes/backend/cuda/tensor/step_entry.inl"

#define ASSAY_PROGRAM wgmma_bf16
#define ASSAY_TENSOR_PRODUCT kWgmmaBf16
#include "probes/backend/cuda/tensor/step_entry.inl"

#define ASSAY_PROGRAM wgmma_e4m3
#define ASSAY_TENSOR_PRODUCT kWgmmaE4m3
#include "probes/backend/cuda/tensor/step_entry.inl"

#define ASSAY_PROGRAM wgmma_e5m2
#define ASSAY_TENSOR_PRODUCT kWgmmaE5m2
#include "probes/backend/cuda/tensor/step_entry.inl"

#define ASSAY_PROGRAM wgmma_int8
#define ASSAY_TENSOR_PRODUCT kWgmmaInt8
#include "probes/backend/cuda/tensor/step_entry.inl"

#define ASSAY_PROGRAM wgmma_tf32_random
#define ASSAY_TENSOR_PRODUCT kWgmmaTf32Random
#include "probes/backend/cuda/tensor/step_entry.inl"

#define ASSAY_PROGRAM wgmma_fp16_random
#define ASSAY_TENSOR_PRODUCT kWgmmaFp16Random
#include "probes/backend/cuda/tensor/step_entry.inl"

#define ASSAY_PROGRAM wgmma_bf16_random
#define ASSAY_TENSOR_PRODUCT kWgmmaBf16Random
#include "probes/backend/cuda/tensor/step_entry.inl"

#define ASSAY_PROGRAM wgmma_e4m3_random
#define ASSAY_TENSOR_PRODUCT kWgmmaE4m3Random
#include "probes/backend/cuda/tensor/step_entry.inl"

#define ASSAY_PROGRAM wgmma_e5m2_random
#define ASSAY_TENSOR_PRODUCT kWgmmaE5m2Random
#include "probes/backend/cuda/tensor/step_entry.inl"
