// SPDX-License-Identifier: Apache-2.0
// The tcgen05 programs: sm_100a and sm_103a.
#include <cstring>

#include "probes/backend/cuda/seat.cuh"
#include "probes/backend/cuda/tensor/tcgen05.cuh"
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
#if defined(__CUDA_ARCH__)
  if constexpr (tcgen05_is_native(kNumber, __CUDA_ARCH__, ASSAY_TENSOR_SM100 != 0)) {
    char* chunk = chunk_of(memory);
    Tcgen05Lane<kNumber, TeamBarrier> team{me, chunk, static_cast<u32>(__cvta_generic_to_shared(chunk))};
    tcgen05_step<kNumber, kTurns, kShift>(team, params, out, step);
  }
#endif
}

#define ASSAY_PROGRAM tcgen05_tf32
#define ASSAY_TENSOR_PRODUCT kTcgen05Tf32
#include "probes/backend/cuda/tensor/step_entry.inl"

#define ASSAY_PROGRAM tcgen05_fp16
#define ASSAY_TENSOR_PRODUCT kTcgen05Fp16
#include "probes/backend/cuda/tensor/step_entry.inl"

#define ASSAY_PROGRAM tcgen05_bf16
#define ASSAY_TENSOR_PRODUCT kTcgen05Bf16
#include "probes/backend/cuda/tensor/step_entry.inl"

#define ASSAY_PROGRAM tcgen05_e4m3
#define ASSAY_TENSOR_PRODUCT kTcgen05E4m3
#include "probes/backend/cuda/tensor/step_entry.inl"

#define ASSAY_PROGRAM tcgen05_e5m2
#define ASSAY_TENSOR_PRODUCT kTcgen05E5m2
#include "probes/backend/cuda/tensor/step_entry.inl"

#define ASSAY_PROGRAM tcgen05_int8
#define ASSAY_TENSOR_PRODUCT kTcgen05Int8
#include "probes/backend/cuda/tensor/step_entry.inl"

#define ASSAY_PROGRAM tcgen05_mxfp6
#define ASSAY_TENSOR_PRODUCT kTcgen05Mxfp6
#include "probes/backend/cuda/tensor/step_entry.inl"

#define ASSAY_PROGRAM tcgen05_mxfp4
#define ASSAY_TENSOR_PRODUCT kTcgen05Mxfp4
#include "probes/backend/cuda/tensor/step_entry.inl"

#define ASSAY_PROGRAM tcgen05_nvfp4
#define ASSAY_TENSOR_PRODUCT kTcgen05Nvfp4
#include "probes/backend/cuda/tensor/step_entry.inl"
