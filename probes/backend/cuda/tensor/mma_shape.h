// SPDX-License-Identifier: Apache-2.0
// Operands and outputs of the mma.sync programs: which word of memory goes to which register of which lane. A warp computes the tile in passes over n;
// in a pass it holds all rows of A for two slabs, and so many tiles of 8 columns of B. "Octet": 8 rows of A or 8 columns of B.
//
// PTX ISA, "Matrix fragments for mma": lane = 4 g + quad. An operand register holds, of row g of A or column g of B, the elements that Slabs::depth
// names; an accumulator pair holds row g, columns 2 quad and 2 quad + 1. m16n8 instructions have octets 2 i and 2 i + 1 of A in registers 0, 1 (first
// slab) and 2, 3 (second slab), and of C in pairs 0 and 1.
//
// Parameters, in order: A [slab][lane][octet], B [two slabs][pass][lane][slab of the two][octet of the pass], both of 32 bits (FP64: 64); of scaled
// formats the scales of A [two slabs][lane][octet pair], of B [two slabs][pass][lane][octet of the pass]; of nvfp4 one FP32 and four bytes of nothing.
#pragma once

#include "probes/backend/cuda/tensor/shape.h"

namespace assay::probes::tensor {

struct MmaShape {
  Number number;
  u32 octets;   // of A
  u32 passes;
  u32 tiles;    // octets of B in a pass
  u32 chunks;   // pairs of slabs
  u32 slabs;    // of A

  constexpr ASSAY_TENSOR_FN u32 words_per_operand() const { return number == Number::kFp64 ? 2 : 1; }
  // Begin of each part, in words of 32 bits.
  constexpr ASSAY_TENSOR_FN u32 b_at() const { return slabs * kLanes * octets * words_per_operand(); }
  constexpr ASSAY_TENSOR_FN u32 scale_a_at() const { return b_at() + chunks * passes * kLanes * 2 * tiles * words_per_operand(); }
  constexpr ASSAY_TENSOR_FN u32 scale_b_at() const { return scale_a_at() + (is_scaled(number) ? chunks * kLanes * octets / 2 : 0); }
  constexpr ASSAY_TENSOR_FN u32 factor_at() const { return scale_b_at() + (is_scaled(number) ? chunks * passes * kLanes * tiles : 0); }
  // In words of 64 bits, even: every run's operands begin at a multiple of 16 bytes.
  constexpr ASSAY_TENSOR_FN u32 param_words() const { return (factor_at() + (number == Number::kNvfp4 ? 4 : 0)) / 2; }
};

constexpr ASSAY_TENSOR_FN MmaShape mma_shape(Number number) {
  const u32 passes = number == Number::kFp64 ? 3 : 2;
  return {number, rows_of(number) / 8, passes, kColumns / 8 / passes, Slabs::of_b(number) / 2, Slabs::of_a(number)};
}

// The word of 64 bits of a step's output that holds the accumulator pair of a lane for octet `octet` of A and `tile` of B (0 .. 11); FP64: that and the
// next one.
constexpr ASSAY_TENSOR_FN u32 mma_out_word(Number number, u32 lane, u32 octet, u32 tile) {
  const u32 row = octet * 8 + lane / 4;
  const u32 column = tile * 8 + lane % 4 * 2;
  return number == Number::kFp64 ? row * kColumns + column : (row * kColumns + column) / 2;
}

// Whose scale a lane holds: of the row g or g + 8 of an octet pair, and of the column g (PTX ISA, "Block scaling for mma.sync": byte and thread
// selectors 0).
constexpr ASSAY_TENSOR_FN u32 mma_scale_row(u32 lane) { return lane / 4 + 8 * (lane % 2); }
constexpr ASSAY_TENSOR_FN u32 mma_scale_column(u32 lane) { return lane / 4; }

}  // namespace assay::probes::tensor
