// SPDX-License-Identifier: Apache-2.0
// int.mul52.chain: products of 52 bits by 52 bits, low and high half, added to 64 bits (the integer use of the multipliers for FP64
// mantissas), in 16 independent chains.
//
// State: x[16], then y[16]. Parameters: c[8][16], then d[8][16]. For words a and b, p = (a mod 2^52) (b mod 2^52), low(p) = p mod 2^52 and
// high(p) = floor(p / 2^52). One step is 512 iterations; iteration i uses round r = i mod 8 and does for every lane, modulo 2^64,
//   1. a = x, b = floor(x / 2^12) ^ c:  y = rotl(y + low(p), 24);  y = rotl(y + high(p), 24)
//   2. a = y, b = floor(y / 2^12) ^ d:  x = rotl(x + low(p), 24);  x = rotl(x + high(p), 24)
// Each line is a bijection of (x, y) and injective in its results, so no wrong bit is forgotten; a covers the low bits and b the high
// ones. Output of a step: the 32 words of state. A run has 64 steps.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace assay::probes::int_mul52 {

inline constexpr std::string_view kId = "int.mul52.chain";
inline constexpr uint32_t kVersion = 1;
inline constexpr uint32_t kLanes = 16;
inline constexpr uint32_t kRounds = 8;
inline constexpr uint32_t kIterations = 512;  // a step
inline constexpr uint32_t kSteps = 64;
inline constexpr uint32_t kStateWords = 2 * kLanes;
inline constexpr uint32_t kParamWords = 2 * kRounds * kLanes;

// Operands of a set: random words. The spans have kStateWords and kParamWords.
void operands(uint32_t operand_set, std::span<uint64_t> state, std::span<uint64_t> params);

}  // namespace assay::probes::int_mul52
