// SPDX-License-Identifier: Apache-2.0
// div.fp64.chain: IEEE division and square root on full random mantissas, in 16 independent chains.
//
// State: u[16], then v[16]. Parameters: a[8][16], floating-point. One step is 256 iterations; iteration i uses round r
// = i mod 8 and does for every lane, with round to nearest even,
//   v = rotl(v + bits(a[r] / window(u)), 24)
//   u = rotl(u + bits(sqrt(|window(v)|)), 24)
// with window() as in fma.h, so 2^-15 <= |window(w)| < 2; |a| lies in [2^-8, 2^8): nothing is ever NaN, infinite, zero
// or denormal. Each line is a bijection of (u, v) and injective in its result, so no wrong bit is forgotten. Output of
// a step: the 32 words of state. A run has 64 steps.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace assay::probes::div {

inline constexpr std::string_view kId = "div.fp64.chain";
inline constexpr uint32_t kVersion = 1;
inline constexpr uint32_t kLanes = 16;
inline constexpr uint32_t kRounds = 8;
inline constexpr uint32_t kIterations = 256;  // a step
inline constexpr uint32_t kSteps = 64;
inline constexpr uint32_t kStateWords = 2 * kLanes;
inline constexpr uint32_t kParamWords = kRounds * kLanes;
inline constexpr uint64_t kKeep = 0x80FFFFFFFFFFFFFF;
inline constexpr uint64_t kKeepPositive = 0x00FFFFFFFFFFFFFF;
inline constexpr uint64_t kSet = 0x3F00000000000000;

// Operands of a set: u and v random; a of random sign and mantissa, exponents -8..7. The spans have kStateWords and
// kParamWords.
void operands(uint32_t operand_set, std::span<uint64_t> state, std::span<uint64_t> params);

}  // namespace assay::probes::div
