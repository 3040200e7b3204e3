// SPDX-License-Identifier: Apache-2.0
// A program of a matrix unit in the dialect of device/programs, and its kernels: included once a program, with ASSAY_PROGRAM its name and
// ASSAY_TENSOR_PRODUCT its line of products.h. There is no state: faults are planted in outputs. The step is compiled where the architecture has the
// instruction; elsewhere it writes nothing, and outputs keep their poison.
#define ASSAY_TENSOR_WORDS assay::probes::tensor::Words<assay::probes::tensor::ASSAY_TENSOR_PRODUCT.unit, assay::probes::tensor::ASSAY_TENSOR_PRODUCT.number>
#define ASSAY_TEAM (ASSAY_TENSOR_WORDS::kTeam)
#define ASSAY_STATE_WORDS 0
#define ASSAY_SHARE_WORDS (ASSAY_TENSOR_WORDS::kShare)
#define ASSAY_PARAM_WORDS (ASSAY_TENSOR_WORDS::kParams)
#define ASSAY_ARENA_WORDS 0
#define ASSAY_OUT_WORDS (ASSAY_TENSOR_WORDS::kOut)
#define ASSAY_STEPS (assay::probes::tensor::ASSAY_TENSOR_PRODUCT.steps)

ASSAY_FN void ASSAY_NAME(step)(ASSAY_LOCAL assay_u64* state, ASSAY_GLOBAL const assay_u64* params, ASSAY_GLOBAL assay_u64* out, assay_u32 me, assay_u32 step) {
  using namespace assay::probes::tensor;
  constexpr Product kProduct = ASSAY_TENSOR_PRODUCT;
  step_on_device<kProduct.number, kProduct.turns, kProduct.shift>(state, params, out, me, step);
}

#include "probes/backend/device/programs/team_run.inl"
#include "probes/backend/cuda/kernel_entry.inl"

// The steps alone, by one team: for the PTX interpreter, and for a first look at a new chip. `out` is out words of step 0, step 1, ...
extern "C" __global__ void __launch_bounds__(ASSAY_TEAM, 1) ASSAY_NAME(bare)(const assay_u64* params, assay_u64* out, assay_u32 first_step, assay_u32 steps) {
  extern __shared__ __align__(1024) assay_u64 assay_memory[];
  for (assay_u32 i = 0; i < steps; ++i) {
    ASSAY_NAME(step)(assay_memory, params, out + i * ASSAY_OUT_WORDS, threadIdx.x, first_step + i);
    ASSAY_BARRIER();
  }
}

#include "probes/backend/device/programs/end_program.inl"
#undef ASSAY_TENSOR_WORDS
#undef ASSAY_TENSOR_PRODUCT
