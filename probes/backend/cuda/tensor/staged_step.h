// SPDX-License-Identifier: Apache-2.0
// What the steps of wgmma (wgmma_step.h) and tcgen05 (tcgen05_step.h) have in common: a team of 128 lanes brings chunks of the operands into its shared
// memory. `Team` is 128 lanes at once over a model in the tests, one lane on a device: each_lane(f) calls f(lane) for all of them or for itself.
#pragma once

#include "probes/backend/cuda/tensor/staged_shape.h"

namespace assay::probes::tensor {

// Chunk `chunk` of B and, `ahead` columns on, of A. kRows: of A in shared memory; beyond 64 they begin again.
template <Number kNumber, u32 kRows, typename Team>
ASSAY_TENSOR_FN void stage_chunk(Team& team, const u64* params, u32 chunk, u32 ahead) {
  constexpr StagedShape kShape = staged_shape(kNumber);
  constexpr u32 kOfA = kChunkColumns * kRows;
  constexpr u32 kOfB = kChunkColumns * kColumns;
  static_assert(kOfA % kTeam == 0 && kOfB % kTeam == 0);
  team.each_lane([&](u32 lane) {
    ASSAY_TENSOR_UNROLL
    for (u32 i = 0; i < kOfA / kTeam; ++i) {
      const u32 piece = i * kTeam + lane;
      const u32 column = (chunk * kChunkColumns + piece / kRows + ahead) % kShape.a_columns;
      team.put(piece, params, column * kStagedRows + piece % kRows % kStagedRows);
    }
    ASSAY_TENSOR_UNROLL
    for (u32 i = 0; i < kOfB / kTeam; ++i) {
      const u32 piece = i * kTeam + lane;
      team.put(kOfA + piece, params, kShape.b_at() + chunk * kOfB + piece);
    }
  });
}

// Where instruction j of a chunk finds its two columns: bytes from the chunk's begin.
template <u32 kRows>
ASSAY_TENSOR_FN u32 chunk_a(u32 j) {
  return 2 * j * kRows * kPieceBytes;
}
template <u32 kRows>
ASSAY_TENSOR_FN u32 chunk_b(u32 j) {
  return (kChunkColumns * kRows + 2 * j * kColumns) * kPieceBytes;
}
inline constexpr u32 kInstructions = kChunkColumns / 2;  // of a chunk

}  // namespace assay::probes::tensor
