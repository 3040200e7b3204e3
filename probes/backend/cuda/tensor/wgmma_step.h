// SPDX-License-Identifier: Apache-2.0
// One step of a wgmma program: m64n96, one instruction for 32 bytes along k, in the order of k, from +0. A lane holds 48 accumulators.
#pragma once

#include "probes/backend/cuda/tensor/staged_step.h"

namespace assay::probes::tensor {

template <Number kNumber, u32 kTurns, u32 kShift, typename Team>
ASSAY_TENSOR_FN void wgmma_step(Team& team, const u64* params, u64* out, u32 step) {
  constexpr StagedShape kShape = staged_shape(kNumber);
  typename Team::Sums sums = {};
  ASSAY_TENSOR_ROLLED
  for (u32 turn = 0; turn < kTurns; ++turn) {
    const u32 ahead = (step * kTurns + turn) * Columns::shift(kNumber, kShift);
    ASSAY_TENSOR_ROLLED
    for (u32 chunk = 0; chunk < kShape.chunks; ++chunk) {
      stage_chunk<kNumber, kStagedRows>(team, params, chunk, ahead);
      team.publish();
      u64 a[kInstructions];
      u64 b[kInstructions];
      ASSAY_TENSOR_UNROLL
      for (u32 j = 0; j < kInstructions; ++j) {
        a[j] = matrix_descriptor(team.address() + chunk_a<kStagedRows>(j), kStagedRows);
        b[j] = matrix_descriptor(team.address() + chunk_b<kStagedRows>(j), kColumns);
      }
      team.multiply(sums, a, b);
      team.barrier();
    }
  }
  team.each_lane([&](u32 lane) {
    ASSAY_TENSOR_UNROLL
    for (u32 pair = 0; pair < kColumns / 4; ++pair) {
      // Accumulators 4 i, 4 i + 1 are of the upper row of tile i, 4 i + 2, 4 i + 3 of the lower.
      out[wgmma_out_word(lane, pair / 2, pair % 2)] = team.word_of(sums, lane, 2 * pair) | u64{team.word_of(sums, lane, 2 * pair + 1)} << 32;
    }
  });
}

}  // namespace assay::probes::tensor
