// SPDX-License-Identifier: Apache-2.0
// cvt.table: conversions between formats, every one correctly rounded (to nearest even unless it truncates). A run sees
// all 65,536 FP16 numbers, in an order of the operand set; the rest are full random bits with ties among them.
//
// State: u[32], then v[32], 64-bit words; taken in halves they are 64 lanes of 32 bits, the low half first. Parameters:
// an odd number, then any. One step is 64 iterations; iteration i of step s is number t = 64 s + i of 1,024.
//
// Its first half works on the 32-bit lanes: w is a lane of u, and each result y is folded into the lane of v,
// v = rotl(v + y, 8). h = ((64 t + lane) * odd + any) mod 2^16, with the fraction cleared where it would be a NaN (makers
// differ in what becomes of those). FP16 and BF16 results are zero-extended. In this order:
//   1. f = FP32 of the FP16 h
//   2. FP16 of f, its low 13 bits replaced by those of w unless f is infinite
//   3. FP16 of w with exponent field 96..127 (normal, subnormal and too small numbers): (w & 0x8FFFFFFF) | 0x30000000
//   4. BF16 of window(w), as in fma.h
//   5. FP32 of the signed w
//   6. y = (w & 0x87FFFFFF) + 0x3E000000, that is 2^-3 <= |y| < 2^13: the 32-bit integer, truncated
//   7. the 32-bit integer nearest to y without its low 12 bits
//   8. FP32 of the signed 16-bit saturation of w >> 15 (arithmetic)
//   9. FP32 of the signed 8-bit saturation of w >> 23 (arithmetic)
// Its second half works on 64-bit words: w is of v, results are folded into u = rotl(u + y, 24). FP32 results and 32-bit
// integers are zero-extended; low is the low half of w.
//   1. FP32 of x = window(w)
//   2. FP32 of x without its low 28 bits: a tie every other time
//   3. FP32 of (w & 0x81FFFFFFFFFFFFFF) | 0x3600000000000000: subnormal or too small
//   4. FP64 of window(low)
//   5. FP64 of low & 0x807FFFFF, a subnormal or zero
//   6. FP64 of the signed low
//   7. FP64 of the signed w
//   8. y = (w & 0x83FFFFFFFFFFFFFF) + 0x3FC0000000000000, 2^-3 <= |y| < 2^61: the 64-bit integer, truncated
//   9. the 64-bit integer nearest to y without its low 32 bits
//  10. z = (w & 0x80FFFFFFFFFFFFFF) + 0x3FC0000000000000, 2^-3 <= |z| < 2^13: the 32-bit integer, truncated
//  11. the 32-bit integer nearest to z without its low 40 bits
// Each half is a bijection of (u, v) and injective in every result, so none is lost. Output of a step: the 64 words of
// state. A run has 16 steps. FP8 is not here: no CPU core converts it.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "probes/catalogue/fma.h"

namespace assay::probes::cvt {

inline constexpr std::string_view kId = "cvt.table";
inline constexpr uint32_t kVersion = 2;  // 1: twice the steps, half as long
inline constexpr uint32_t kHalfWords = 32;         // of u, and of v
inline constexpr uint32_t kLanes = 2 * kHalfWords;  // of 32 bits
inline constexpr uint32_t kIterations = 64;         // a step
inline constexpr uint32_t kSteps = 16;
inline constexpr uint32_t kNarrow = 9;  // results of the first half, a 32-bit lane
inline constexpr uint32_t kWide = 11;   // results of the second, a word
inline constexpr uint32_t kStateWords = 2 * kHalfWords;
inline constexpr uint32_t kParamWords = 2;
static_assert(kSteps * kIterations * kLanes == 65536);

// Operands of a set, all random. The spans have kStateWords and kParamWords.
void operands(uint32_t operand_set, std::span<uint64_t> state, std::span<uint64_t> params);

}  // namespace assay::probes::cvt
