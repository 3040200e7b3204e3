// SPDX-License-Identifier: Apache-2.0
// Operands of the wgmma and tcgen05 programs: how a team brings them into shared memory, chunk after chunk along k, and how the descriptors of those
// instructions say where they are.
//
// Core matrices: 8 lines by 16 bytes along k, 128 bytes without a gap (PTX ISA, "Asynchronous warpgroup level matrix shared memory layout", and the
// same of tcgen05; no swizzling, K-major). One column (Columns) of all lines is a run of core matrices, 128 bytes from one octet of lines to the next,
// lines * 16 bytes from one column to the next. An instruction takes two columns.
//
// Parameters, in order: A [column][64 rows][16 bytes], B [column][96][16 bytes]; of scaled formats the scale words of A [group][64], of B [group][96];
// of nvfp4 one FP32 and twelve bytes of nothing.
#pragma once

#include "probes/backend/cuda/tensor/shape.h"

namespace assay::probes::tensor {

inline constexpr u32 kPieceBytes = 16;
inline constexpr u32 kChunkColumns = 8;     // brought in at once
inline constexpr u32 kStagedRows = 64;      // m
inline constexpr u32 kTcgen05Rows = 128;    // tcgen05 with block scales has no 64 of them: rows 64 .. 127 are 0 .. 63 again

struct StagedShape {
  Number number;
  u32 chunks;      // of a product
  u32 a_columns;
  u32 b_columns;

  // Begin of each part, in pieces of 16 bytes.
  constexpr ASSAY_TENSOR_FN u32 b_at() const { return a_columns * kStagedRows; }
  constexpr ASSAY_TENSOR_FN u32 scale_a_at() const { return b_at() + b_columns * kColumns; }
  constexpr ASSAY_TENSOR_FN u32 scale_b_at() const { return scale_a_at() + (is_scaled(number) ? kScaleGroups * kStagedRows / 4 : 0); }
  constexpr ASSAY_TENSOR_FN u32 factor_at() const { return scale_b_at() + (is_scaled(number) ? kScaleGroups * kColumns / 4 : 0); }
  // In words of 64 bits.
  constexpr ASSAY_TENSOR_FN u32 param_words() const { return (factor_at() + (number == Number::kNvfp4 ? 1 : 0)) * 2; }
};

constexpr ASSAY_TENSOR_FN StagedShape staged_shape(Number number) {
  return {number, Columns::of_b(number) / kChunkColumns, Columns::of_a(number), Columns::of_b(number)};
}

// Of one chunk in shared memory, from a 16-byte boundary: A, then B. `rows`: of A there.
constexpr ASSAY_TENSOR_FN u32 chunk_pieces(u32 rows) { return kChunkColumns * (rows + kColumns); }
// Words of 64 bits of team memory, with room to begin at that boundary; tcgen05 has a barrier and the address of its tensor memory behind the chunk.
constexpr ASSAY_TENSOR_FN u32 wgmma_share_words() { return chunk_pieces(kStagedRows) * 2 + 1; }
constexpr ASSAY_TENSOR_FN u32 tcgen05_share_words() { return chunk_pieces(kTcgen05Rows) * 2 + 1 + 2; }

// Matrix descriptor of a run of columns at `address` in shared memory (a multiple of 16 under 2^18), K-major, not swizzled: PTX ISA, "Matrix descriptor
// format". Leading dimension: from a column to the next; stride: from an octet of lines to the next.
constexpr ASSAY_TENSOR_FN u64 matrix_descriptor(u32 address, u32 lines) {
  return (u64{address} >> 4 & 0x3FFF) | u64{lines * kPieceBytes / 16} << 16 | u64{8 * kPieceBytes / 16} << 32;
}
// The same of tcgen05 ("Shared memory descriptor"): bits 46 .. 48 are 1.
constexpr ASSAY_TENSOR_FN u64 tcgen05_descriptor(u32 address, u32 lines) { return matrix_descriptor(address, lines) | u64{1} << 46; }

// Instruction descriptor of tcgen05.mma, m = 128, n = 96, both K-major (PTX ISA, "Instruction descriptor"; CUTLASS, cute/arch/mma_sm100_desc.hpp).
// `scale_id`: which bytes of the scale words an instruction takes.
constexpr ASSAY_TENSOR_FN u32 tcgen05_instruction(Number number, u32 scale_id) {
  const u32 shape = kColumns / 8 << 17 | kTcgen05Rows / 16 << 24;
  const u32 scaled = shape | scale_id << 4 | scale_id << 29;
  switch (number) {
    case Number::kFp16:
      return shape | 1U << 4;
    case Number::kBf16:
      return shape | 1U << 4 | 1U << 7 | 1U << 10;
    case Number::kTf32:
      return shape | 1U << 4 | 2U << 7 | 2U << 10;
    case Number::kE4m3:
      return shape | 1U << 4;
    case Number::kE5m2:
      return shape | 1U << 4 | 1U << 7 | 1U << 10;
    case Number::kInt8:
      return shape | 2U << 4 | 1U << 7 | 1U << 10;
    case Number::kMxfp6:
      return scaled | 3U << 7 | 4U << 10 | 1U << 23;  // e2m3, e3m2; scales e8m0
    case Number::kMxfp4:
      return scaled | 1U << 7 | 1U << 10 | 1U << 23;
    default:
      return scaled | 1U << 7 | 1U << 10;             // scales e4m3
  }
}

// Tensor memory of a team: the accumulators of 96 columns, then the scales of A and of B, four groups of 64 along k at a time.
inline constexpr u32 kTmemColumns = 128;      // what is allocated: a power of two
inline constexpr u32 kTmemScaleGroups = 4;    // of a chunk, at most
inline constexpr u32 kTmemScaleA = 96;        // column
inline constexpr u32 kTmemScaleB = kTmemScaleA + 4 * kTmemScaleGroups;
static_assert(kTmemScaleB + 4 * kTmemScaleGroups <= kTmemColumns);

// Accumulators of wgmma m64n96: pair `tile` (0 .. 11) of lane `lane` of the team's 128 holds row 16 w + g and, for `lower`, 8 below, columns 8 tile +
// 2 quad and the next (PTX ISA, "Register fragments for wgmma"). The word of 64 bits of a step's output that it is.
constexpr ASSAY_TENSOR_FN u32 wgmma_out_word(u32 lane, u32 tile, u32 lower) {
  const u32 row = lane / 32 * 16 + lane % 32 / 4 + 8 * lower;
  return (row * kColumns + tile * 8 + lane % 4 * 2) / 2;
}

}  // namespace assay::probes::tensor
