// SPDX-License-Identifier: Apache-2.0
// int.mul.chain: 64-bit integer multiplication, low and high half, in 16 independent chains.
//
// State: x[16], then h[16]. Parameters: a[8][16] (odd multipliers), then c[8][16]. One step is 1,024 iterations;
// iteration i uses round r = i mod 8 and does, for every lane l, modulo 2^64:
//   p = x * a[r][l]                       (128 bits)
//   x = (rotl(low(p), 29) ^ high(p)) + c[r][l]
//   h = rotl(h + x, 24)
// h is the running digest: bijective in h and injective in x, so that an error in x is seen even if the chain forgets
// it. Output of a step: the 32 words of state. A run has 64 steps.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace assay::probes::int_mul {

inline constexpr std::string_view kId = "int.mul.chain";
inline constexpr uint32_t kVersion = 1;
inline constexpr uint32_t kLanes = 16;
inline constexpr uint32_t kRounds = 8;
inline constexpr uint32_t kIterations = 1024;  // a step
inline constexpr uint32_t kSteps = 64;
inline constexpr uint32_t kStateWords = 2 * kLanes;
inline constexpr uint32_t kParamWords = 2 * kRounds * kLanes;

// Operands of a set: random words; multipliers are made odd so that the low half is a bijection of x. The spans have
// kStateWords and kParamWords.
void operands(uint32_t operand_set, std::span<uint64_t> state, std::span<uint64_t> params);

}  // namespace assay::probes::int_mul
