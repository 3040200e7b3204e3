// SPDX-License-Identifier: Apache-2.0
// One step of a mma.sync program, over a `Warp` that knows how a lane loads, multiplies and stores: registers and instructions on a device (mma.cuh), all
// 32 lanes at once over a model of the instruction in the tests. Register arrays have constant indices throughout, so that a device keeps them in
// registers; 96 accumulators and 28 operands a lane.
#pragma once

#include "probes/backend/cuda/tensor/mma_shape.h"

namespace assay::probes::tensor {

// What a lane holds for one pair of slabs.
template <typename Warp, u32 kOctets, u32 kTiles>
struct MmaOperands {
  typename Warp::Word a[2][kOctets];      // by slab of the two
  typename Warp::Word b[2 * kTiles];
  typename Warp::Scale scale_a[kOctets / 2];
  typename Warp::Scale scale_b[kTiles];
};

template <Number kNumber, typename Warp, u32 kOctets, u32 kTiles>
ASSAY_TENSOR_FN void mma_load(const Warp& warp, const u32* params, u32 pass, u32 chunk, u32 ahead, MmaOperands<Warp, kOctets, kTiles>& to) {
  constexpr MmaShape kShape = mma_shape(kNumber);
  ASSAY_TENSOR_UNROLL
  for (u32 half = 0; half < 2; ++half) {
    warp.load(to.a[half], params, (2 * chunk + half + ahead) % kShape.slabs);
  }
  warp.load(to.b, params + kShape.b_at(), chunk * kShape.passes + pass);
  if constexpr (is_scaled(kNumber)) {
    warp.load(to.scale_a, params + kShape.scale_a_at(), (chunk + ahead / 2) % kShape.chunks);
    warp.load(to.scale_b, params + kShape.scale_b_at(), chunk * kShape.passes + pass);
  }
}

template <Number kNumber, typename Warp, u32 kOctets, u32 kTiles>
ASSAY_TENSOR_FN void mma_multiply(const Warp& warp, const MmaOperands<Warp, kOctets, kTiles>& x, typename Warp::Sum (&sums)[kOctets][kTiles][2]) {
  ASSAY_TENSOR_UNROLL
  for (u32 i = 0; i < kOctets; i += 2) {
    ASSAY_TENSOR_UNROLL
    for (u32 j = 0; j < kTiles; ++j) {
      const typename Warp::Word a[4] = {x.a[0][i], x.a[0][i + 1], x.a[1][i], x.a[1][i + 1]};
      const typename Warp::Word b[2] = {x.b[j], x.b[kTiles + j]};
      warp.multiply(sums[i][j], sums[i + 1][j], a, b, x.scale_a[i / 2], x.scale_b[j]);
    }
  }
}

// Step `step` of a Product: reads `params` (MmaShape), writes out_words() words of `out`.
template <Number kNumber, u32 kTurns, u32 kShift, typename Warp>
ASSAY_TENSOR_FN void mma_step(const Warp& warp, const u64* params, u64* out, u32 step) {
  constexpr MmaShape kShape = mma_shape(kNumber);
  const u32* words = reinterpret_cast<const u32*>(params);
  ASSAY_TENSOR_ROLLED
  for (u32 pass = 0; pass < kShape.passes; ++pass) {
    typename Warp::Sum sums[kShape.octets][kShape.tiles][2] = {};
    ASSAY_TENSOR_ROLLED
    for (u32 turn = 0; turn < kTurns; ++turn) {
      const u32 ahead = (step * kTurns + turn) * Slabs::shift(kNumber, kShift);
      ASSAY_TENSOR_ROLLED
      for (u32 chunk = 0; chunk < kShape.chunks; ++chunk) {
        MmaOperands<Warp, kShape.octets, kShape.tiles> operands = {};
        mma_load<kNumber>(warp, words, pass, chunk, ahead, operands);
        mma_multiply<kNumber>(warp, operands, sums);
      }
    }
    ASSAY_TENSOR_UNROLL
    for (u32 i = 0; i < kShape.octets; ++i) {
      ASSAY_TENSOR_UNROLL
      for (u32 j = 0; j < kShape.tiles; ++j) {
        if constexpr (kNumber == Number::kNvfp4) {
          warp.scale(sums[i][j], words[kShape.factor_at()]);
        }
        warp.store(out, i, pass * kShape.tiles + j, sums[i][j]);
      }
    }
  }
}

}  // namespace assay::probes::tensor
