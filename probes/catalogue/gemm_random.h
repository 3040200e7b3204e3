// SPDX-License-Identifier: Apache-2.0
// gemm.bf16.random, and gemm.<format>.random.<architecture> for accelerators: matrix products of ordinary random operands.
// They work on what exact grids must avoid, alignment, truncation and rounding, so their result depends on how a matrix
// unit adds; the golden comes from the emulator of that unit (probes/reference/matrix_unit.h): tier T1.
//
// One probe for each format and arithmetic: gemm.fp16.random.hopper is another probe than gemm.fp16.random.ampere, with
// operands of its own and its own golden, and a backend runs the one that names the architecture of its device. The unit
// "x86" is VDPBF16PS and has the short id gemm.bf16.random; every CPU can compute it with FP32 arithmetic, and does so as
// an emulation; AMX adds in another order and does not. The others are in device_catalogue() of catalogue.h, not in
// catalogue(). An architecture is a line in kKinds and its goldens; those with a line in matrix_unit.h alone have none yet. What
// rests on an emulator is observed by the collector until a site names the probe in policy.probe_modes.
//
// A is m x k, B is k x n: m, n, k, layout and output as in gemm_grid.h, 2 steps, A ahead by 256 from one to the next. In
// step s the elements of row i and column j meet in the order t = 0 .. k - 1 of B's index, in blocks of the unit,
//   C[i][j] = ((+0 + block 0) + block 1) + ..., A[i][(t + 256 s) mod k] with B[t][j],
// and VDPBF16PS takes t = 1, 0, 3, 2, 5, 4, ...
//
// Operands. Even lines: a random mantissa and sign, the exponent -x with probability 2^-(x+1), x = 0 .. 9 (9: the rest), as
// of normally distributed data. Odd lines: mantissa, sign and exponent all random, exponents between the limits below. FP8:
// odd lines are any finite code, zeros and subnormals among them. No product, no partial sum that is not zero, and no
// element of other formats is subnormal or overflows.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "probes/catalogue/gemm_grid.h"

namespace assay::probes::gemm_random {

inline constexpr std::string_view kIdBf16 = "gemm.bf16.random";
inline constexpr uint32_t kVersion = 1;
inline constexpr uint32_t kSteps = 2;
inline constexpr uint32_t kShift = gemm_grid::kDepth / kSteps;

struct Kind {
  std::string_view id;
  std::string_view precision;
  std::string_view architecture;  // of matrix_unit.h
  NarrowFloat format;
  uint32_t code_bytes;            // as in gemm_grid.h
  int least_exponent;             // of odd lines
  int greatest_exponent;
};

inline constexpr std::array<Kind, 6> kKinds = {{
    {kIdBf16, "bf16", "x86", kBf16, 2, -20, 20},
    {"gemm.bf16.random.hopper", "bf16", "hopper", kBf16, 2, -20, 20},
    {"gemm.fp16.random.hopper", "fp16", "hopper", kFp16, 2, -13, 4},
    {"gemm.tf32.random.hopper", "tf32", "hopper", kTf32, 4, -20, 20},
    {"gemm.e4m3.random.hopper", "e4m3", "hopper", kE4m3, 1, 0, 0},
    {"gemm.e5m2.random.hopper", "e5m2", "hopper", kE5m2, 1, 0, 0},
}};
// nullptr when there is none.
const Kind* find_kind(std::string_view id);

// Fills a (m * k codes of kind.code_bytes) and b (k * n) for a set.
void operands(const Kind& kind, uint32_t operand_set, gemm_grid::Layout layout, void* a, void* b);

}  // namespace assay::probes::gemm_random
