// SPDX-License-Identifier: Apache-2.0
// One step of a tcgen05 program: m128n96, one instruction for 32 bytes along k, one lane of the team to start them; accumulators and block scales in
// tensor memory. Rows 64 .. 127 repeat rows 0 .. 63 in the other half of the unit; even steps output the first half, odd ones the second.
#pragma once

#include "probes/backend/cuda/tensor/staged_step.h"

namespace assay::probes::tensor {

// Which of the chunk's scale groups, and which bytes of their words, instruction j wants.
template <Number kNumber>
ASSAY_TENSOR_FN u32 scale_group(u32 j) {
  return j * 2 * Columns::elements(kNumber) / kScaleDepth;
}
template <Number kNumber>
ASSAY_TENSOR_FN u32 scale_id(u32 j) {
  return j * 2 * Columns::elements(kNumber) % kScaleDepth / 32;
}

// The scale words of a chunk into tensor memory: group after group four columns, of which column r holds, in each 32 lanes alike, lines 32 r .. 32 r + 31
// (PTX ISA, "Layout of the scale factors" of tcgen05.mma).
template <Number kNumber, typename Team>
ASSAY_TENSOR_FN void stage_scales(Team& team, const u64* params, u32 chunk, u32 ahead) {
  constexpr StagedShape kShape = staged_shape(kNumber);
  constexpr u32 kGroups = kChunkColumns * Columns::elements(kNumber) / kScaleDepth;
  const u32* words = reinterpret_cast<const u32*>(params);
  team.each_lane([&](u32 lane) {
    u32 a[4 * kTmemScaleGroups] = {};
    u32 b[4 * kTmemScaleGroups] = {};
    ASSAY_TENSOR_UNROLL
    for (u32 group = 0; group < kGroups; ++group) {
      const u32 at_b = chunk * kGroups + group;
      const u32 at_a = (at_b + ahead) % kScaleGroups;
      ASSAY_TENSOR_UNROLL
      for (u32 r = 0; r < 4; ++r) {
        const u32 line = 32 * r + lane % 32;
        a[4 * group + r] = words[kShape.scale_a_at() * 4 + at_a * kStagedRows + line % kStagedRows];
        b[4 * group + r] = r < kColumns / 32 ? words[kShape.scale_b_at() * 4 + at_b * kColumns + line] : 0;
      }
    }
    team.put_scales(lane, kTmemScaleA, a);
    team.put_scales(lane, kTmemScaleB, b);
  });
}

template <Number kNumber, u32 kTurns, u32 kShift, typename Team>
ASSAY_TENSOR_FN void tcgen05_step(Team& team, const u64* params, u64* out, u32 step) {
  constexpr StagedShape kShape = staged_shape(kNumber);
  team.open();  // accumulators are zero
  ASSAY_TENSOR_ROLLED
  for (u32 turn = 0; turn < kTurns; ++turn) {
    const u32 moved = (step * kTurns + turn) * kShift;
    ASSAY_TENSOR_ROLLED
    for (u32 chunk = 0; chunk < kShape.chunks; ++chunk) {
      stage_chunk<kNumber, kTcgen05Rows>(team, params, chunk, Columns::shift(kNumber, moved));
      if constexpr (is_scaled(kNumber)) {
        stage_scales<kNumber>(team, params, chunk, moved / kScaleDepth);
      }
      team.publish();
      ASSAY_TENSOR_UNROLL
      for (u32 j = 0; j < kInstructions; ++j) {
        const u64 a = tcgen05_descriptor(team.address() + chunk_a<kTcgen05Rows>(j), kTcgen05Rows);
        const u64 b = tcgen05_descriptor(team.address() + chunk_b<kTcgen05Rows>(j), kColumns);
        const u32 instruction = tcgen05_instruction(kNumber, is_scaled(kNumber) ? scale_id<kNumber>(j) : 0);
        team.multiply(a, b, instruction, kTmemScaleA + 4 * scale_group<kNumber>(j), kTmemScaleB + 4 * scale_group<kNumber>(j));
      }
      team.finish();
    }
  }
  u32 factor = 0;
  if constexpr (kNumber == Number::kNvfp4) {
    factor = reinterpret_cast<const u32*>(params)[kShape.factor_at() * 4];
  }
  team.each_lane([&](u32 lane) {
    ASSAY_TENSOR_UNROLL
    for (u32 third = 0; third < kColumns / 32; ++third) {
      u32 sums[32];
      team.read(lane, 32 * third, sums);
      if (lane / kStagedRows == step % 2) {
        ASSAY_TENSOR_UNROLL
        for (u32 i = 0; i < 32; i += 2) {
          u32 low = sums[i];
          u32 high = sums[i + 1];
          if constexpr (kNumber == Number::kNvfp4) {
            low = team.scale(low, factor);
            high = team.scale(high, factor);
          }
          out[(lane % kStagedRows * kColumns + 32 * third + i) / 2] = low | u64{high} << 32;
        }
      }
    }
  });
  team.close();
}

}  // namespace assay::probes::tensor
