// SPDX-License-Identifier: Apache-2.0
// gemm.tf32.grid, gemm.fp16.grid, gemm.bf16.grid, gemm.e4m3.grid, gemm.e5m2.grid, gemm.int8.grid, gemm.int4.grid,
// gemm.mxfp6.grid, gemm.mxfp4.grid, gemm.nvfp4.grid: matrix products of the narrow formats that are exact in the
// accumulators of every matrix unit, so that order, tiling, alignment, truncation and vendor do not matter.
//
// A is m x k, B is k x n, m = 64, n = 96, k = 512. Step s computes, for s = 0 .. steps - 1, with r turns and a shift of d,
//   C[i][j] = sum over turns u = 0 .. r - 1 and over t of A[i][(t + d (r s + u)) mod k] * B[t][j],
// each turn another pairing of the same operands; r is 1 where the bound leaves no room for more. Steps are independent and start
// from +0, so an empty or cancelling sum is +0. Output of a step: C as FP32 (INT32 for integers), row-major, two to a 64-bit word, the first
// in the low half.
//
// Float formats. Operands are integers times powers of two: A[i][t] = a * 2^(row[i] + group[t mod 8]), B[t][j] = b * 2^(column[j] - group[t mod 8]):
// all products of one output share the unit 2^(row[i] + column[j]) while the exponents of the operands vary. (t + operand set) mod 8, which every
// turn keeps, chooses the class of a and b: full significands against few bits, full against full, sparse, powers of two spread, one product near
// the bound, all positive; over eight operand sets every lane of a matrix unit meets every class. Every eighth line is all positive, the one after
// it all negative, for the top of the accumulator (tables in gemm_grid.cpp). Where r is 4, one side of most classes is even: a quarter of its
// elements is not zero, so placed that of the four turns of a step exactly one meets each (with m = d / 8 elements of a class to a turn: runs of m in
// every 4 m). So adding up turns costs the bound nothing. The sums of the positive and of the negative products of any output stay under `bound`:
// 2^13 for FP8 (Ada and Hopper keep 13 fraction bits), 2^24 for the others; the golden builder checks it on the data. No
// operand is subnormal in fp16, bf16, tf32 and FP8. The range of fp16 also keeps every product and its rounding error a normal or subnormal number
// of fp16. What share of the wires of a modelled matrix unit all this excites: docs/measured/operand-excitation.md.
//
// Block-scaled formats. Element (i, t) of A has the block t / block of row i, and the scale of that block multiplies it; B
// likewise, down a column. The scales are e8m0 (mx: block 32) or e4m3 (nv: block 16), and hold the exponents that
// the elements of other formats have themselves: row[i] + block_exponent[t / block] for A, column[j] minus it for B. The
// block exponents repeat along k every 64 elements, and a step moves by 64, so that they cancel in every step. nvfp4 multiplies C by two FP32 tensor
// scales, powers of two, in any order. mxfp6 is e2m3 in A and e3m2 in B; mxfp4 and nvfp4 are e2m1 in both.
//
// Integers. int8 is all of -128..127, int4 all of -8..7, INT32 accumulators, no bound. With w a random word for eight
// elements, byte b of w gives t mod 8 = b: element 6 is -128 or 127 (-8 or 7), element 7 is zero seven times of eight.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "probes/catalogue/narrow_float.h"

namespace assay::probes::gemm_grid {

inline constexpr uint32_t kRows = 64;     // m
inline constexpr uint32_t kColumns = 96;  // n
inline constexpr uint32_t kDepth = 512;   // k
inline constexpr uint32_t kGroups = 8;    // classes and exponents by t mod 8
inline constexpr uint32_t kBlockPeriod = 64;  // elements along k after which block exponents repeat
inline constexpr uint32_t kMaxBlocks = kDepth / 16;

enum class Element : uint8_t { kFloat, kInt8, kInt4 };
enum class BlockScale : uint8_t { kNone, kE8m0, kE4m3 };

// What one probe of the family multiplies.
struct Kind {
  std::string_view id;
  std::string_view precision;
  Element element;
  NarrowFloat a;            // kFloat only
  NarrowFloat b;
  uint32_t version;
  uint32_t code_bytes;      // of one operand in memory: 1, 2 or 4; the code is at the low end, tf32 at the high end
  uint32_t steps;
  BlockScale scale = BlockScale::kNone;
  uint32_t block = kDepth;  // elements that share a scale
  int64_t bound = 0;        // of the sums of positive and of negative products; 0: none
  uint32_t turns = 1;       // r: products of a step that are added up
  uint32_t shift = kDepth / (steps * turns);  // d: of A along k from one product to the next; a multiple of kGroups and, of block scales, kBlockPeriod
};

inline constexpr std::array<Kind, 10> kKinds = {{
    {"gemm.tf32.grid", "tf32", Element::kFloat, kTf32, kTf32, 2, 4, 4, BlockScale::kNone, kDepth, 1 << 24, 4, 8},
    {"gemm.fp16.grid", "fp16", Element::kFloat, kFp16, kFp16, 2, 2, 4, BlockScale::kNone, kDepth, 1 << 24, 4, 8},
    {"gemm.bf16.grid", "bf16", Element::kFloat, kBf16, kBf16, 2, 2, 16, BlockScale::kNone, kDepth, 1 << 24, 4, 8},
    {"gemm.e4m3.grid", "e4m3", Element::kFloat, kE4m3, kE4m3, 2, 1, 4, BlockScale::kNone, kDepth, 1 << 13, 4, 16},
    {"gemm.e5m2.grid", "e5m2", Element::kFloat, kE5m2, kE5m2, 2, 1, 4, BlockScale::kNone, kDepth, 1 << 13, 4, 16},
    {"gemm.int8.grid", "int8", Element::kInt8, {}, {}, 2, 1, 4, BlockScale::kNone, kDepth, 0, 16},
    {"gemm.int4.grid", "int4", Element::kInt4, {}, {}, 2, 1, 4, BlockScale::kNone, kDepth, 0, 16},
    {"gemm.mxfp6.grid", "mxfp6", Element::kFloat, kE2m3, kE3m2, 1, 1, 8, BlockScale::kE8m0, 32, 1 << 24},
    {"gemm.mxfp4.grid", "mxfp4", Element::kFloat, kE2m1, kE2m1, 1, 1, 8, BlockScale::kE8m0, 32, 1 << 24},
    {"gemm.nvfp4.grid", "nvfp4", Element::kFloat, kE2m1, kE2m1, 1, 1, 8, BlockScale::kE4m3, 16, 1 << 24},
}};
// CHECKs that there is one.
const Kind& kind_of(std::string_view id);

// Powers of two of the operands, see above. The line exponents of A, then of B.
struct Exponents {
  std::array<int, kRows> row{};
  std::array<int, kColumns> column{};
  std::array<int, kGroups> group{};       // 0 for block-scaled formats
  std::array<int, kMaxBlocks> block{};    // 0 for the others; repeats every kBlockPeriod elements
};

// Codes of the block scales: of row i and block x at i * kMaxBlocks + x, of column j likewise; and the tensor scales.
struct Scales {
  std::array<uint8_t, kRows * kMaxBlocks> a{};
  std::array<uint8_t, kColumns * kMaxBlocks> b{};
  float tensor_a = 1;
  float tensor_b = 1;
};

// How operands stand in memory: `lines` rows of A (columns of B) together, and along k `run` elements of one line
// together: element (i, t) of A is at code (i / P) * k * P + (t / q) * P * q + (i mod P) * q + t mod q. {1, 1} is
// row-major A and column-major B. Matrix instructions that take pairs (bf16) or quads (int8) want q = 2 or 4.
struct Layout {
  uint32_t lines_of_a = 1;  // divides m
  uint32_t lines_of_b = 1;  // divides n
  uint32_t run = 1;         // 1, 2, 4
};

// Fills a (m * k codes of kind.code_bytes) and b (k * n) for a set.
Exponents operands(const Kind& kind, uint32_t operand_set, Layout layout, void* a, void* b, Scales& scales);

}  // namespace assay::probes::gemm_grid
