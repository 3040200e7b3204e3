// SPDX-License-Identifier: Apache-2.0
// sfu.approx: what the special function unit of an accelerator makes of FP32 numbers by its approximate instructions: 1/x, 1/sqrt(x), log2(x), 2^x,
// sin(x), cos(x). No document says which bits they give, so there is no golden (tier T3): chips of one architecture that run one program must agree, the
// units of a device among themselves and devices with their peers.
//
// State: words u[32], v[32]. Parameters: a[8][32], then b[8][32]. A word is two chains, one in each half. Iteration i, with r = i mod 8, does to chain j
//   x = u[j] ^ a[r][j]    v[j] = fold(v[j], 1/window(x)), then v[j] = fold(v[j], 1/sqrt(|window(x)|)), then v[j] = fold(v[j], log2(|window(x)|))
//   y = v[j] ^ b[r][j]    u[j] = fold(u[j], 2^(32 window(y))), then u[j] = fold(u[j], sin(4 window(y))), then u[j] = fold(u[j], cos(4 window(y)))
// window(w) is the number with the bits (w & 0x87FFFFFF) | 0x38000000: any sign and mantissa, exponent -15..0; its multiples are exact.
// fold(w, y) = rotl(w + bits(y), 8), modulo 2^32: a bijection of w for each y, and injective in y. No result is a NaN, infinite or subnormal.
// A step is 128 iterations; its output is u, then v. A run has 16 steps.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace assay::probes::sfu {

inline constexpr std::string_view kId = "sfu.approx";
inline constexpr uint32_t kVersion = 1;
// Few, so that devices meet on the same ones (agent/core/scheduler.h).
inline constexpr uint32_t kOperandSets = 16;
inline constexpr uint32_t kLanes = 32;
inline constexpr uint32_t kRounds = 8;        // of parameters
inline constexpr uint32_t kFunctions = 6;
inline constexpr uint32_t kIterations = 128;  // a step
inline constexpr uint32_t kSteps = 16;
inline constexpr uint32_t kStateWords = 2 * kLanes;
inline constexpr uint32_t kParamWords = 2 * kRounds * kLanes;

// Operands of a set: random words. The spans have kStateWords and kParamWords.
void operands(uint32_t operand_set, std::span<uint64_t> state, std::span<uint64_t> params);

}  // namespace assay::probes::sfu
