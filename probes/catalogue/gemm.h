// SPDX-License-Identifier: Apache-2.0
// gemm.fp64.grid, gemm.fp32.grid: matrix products that are exact, so that order, tiling and fused or separate
// multiply-add do not matter. Every output is the same bits on any IEEE hardware.
//
// A is m x k, B is k x n. Step s computes, for s = 0..15,
//   C[i][j] = sum over turns u = 0..3 and over t of A[i][(t + 8 (4 s + u)) mod k] * B[t][j],
// each turn another pairing of the same operands. The sum starts from +0, so an empty or cancelling sum is +0. Output
// of a step: C, row-major; for FP32 two to a 64-bit word, the first in the low half. Steps are independent.
//
// Operands are integers times powers of two: A[i][t] = a * 2^(row[i] + group[t mod 8]), B[t][j] = b * 2^(column[j] -
// group[t mod 8]), so that all products of one output share the unit 2^(row[i] + column[j]) and the exponents of the
// operands still vary. t mod 8 (kept by every turn) also chooses the class of a and b: full mantissas against few bits,
// sparse against dense, mid against mid, powers of two spread, all positive (table in gemm.cpp, with the proof that the
// sums of positive and of negative products stay under 2^53 and 2^24; the golden builder checks it again on the data).
// Where one side is wide, the other has one nonzero in every four of its class, at equal distances: of the four turns of
// a step exactly one meets it, so that adding up turns costs no bits there.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace assay::probes::gemm {

inline constexpr std::string_view kIdF64 = "gemm.fp64.grid";
inline constexpr std::string_view kIdF32 = "gemm.fp32.grid";
inline constexpr uint32_t kVersion = 2;  // 1: a product a step
inline constexpr uint32_t kDepth = 512;   // k
inline constexpr uint32_t kColumns = 96;  // n
inline constexpr uint32_t kRowsF64 = 48;  // m
inline constexpr uint32_t kRowsF32 = 96;
inline constexpr uint32_t kGroups = 8;  // classes and exponents by t mod 8
inline constexpr uint32_t kShift = 8;   // of A along k from one turn to the next: a multiple of kGroups
inline constexpr uint32_t kTurns = 4;   // products of a step that are added up
inline constexpr uint32_t kSteps = kDepth / (kTurns * kShift);
inline constexpr uint32_t kMaxRows = 96;

// Powers of two of the operands, see above.
struct Exponents {
  std::array<int, kMaxRows> row{};
  std::array<int, kColumns> column{};
  std::array<int, kGroups> group{};
};

// How many rows of A, or columns of B, stand together in memory: element (i, t) of A is at (i / P) * k * P + t * P + i
// mod P, and element (t, j) of B at (j / P) * k * P + t * P + j mod P. P = 1 is row-major A and column-major B; a
// kernel takes its register block.
struct Layout {
  uint32_t rows_of_a = 1;     // divides m
  uint32_t columns_of_b = 1;  // divides n
};

// Fills a (m * k elements) and b (k * n) for a set.
Exponents operands_f64(uint32_t operand_set, Layout layout, double* a, double* b);
Exponents operands_f32(uint32_t operand_set, Layout layout, float* a, float* b);

}  // namespace assay::probes::gemm
