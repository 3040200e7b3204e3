// SPDX-License-Identifier: Apache-2.0
// What every file of mma.sync programs begins with: step_on_device() of step_entry.inl. An architecture without the instruction computes nothing.
#pragma once

#include <cstring>

#include "probes/backend/cuda/seat.cuh"
#include "probes/backend/cuda/tensor/mma.cuh"
#include "probes/backend/cuda/tensor/products.h"
#include "probes/backend/cuda/tensor/words.h"

// Registers of a lane are too many for blocks of 512: launchers plan kMostTeamsMma teams (device_rows.cpp).
#undef ASSAY_BLOCK_LANES
#define ASSAY_BLOCK_LANES 256

template <assay::probes::tensor::Number kNumber, assay_u32 kTurns, assay_u32 kShift>
ASSAY_FN void step_on_device(assay_u64*, const assay_u64* params, assay_u64* out, assay_u32 me, assay_u32 step) {
  using namespace assay::probes::tensor;
#if defined(__CUDA_ARCH__)
  if constexpr (mma_is_native(kNumber, __CUDA_ARCH__, ASSAY_TENSOR_SM120 != 0)) {
    mma_step<kNumber, kTurns, kShift>(MmaLane<kNumber>{me}, params, out, step);
  }
#endif
}
