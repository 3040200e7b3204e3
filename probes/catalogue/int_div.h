// SPDX-License-Identifier: Apache-2.0
// int.div.chain: integer division with remainder, 64-bit and 32-bit, signed and unsigned, and 128 by 64 bits, in 16 independent
// chains.
//
// State: x[16], then y[16], then h[16]. Parameters: c[8][16] (random words), then s[8][16] (shifts: bits 0..5 are s6, bits 8..12 are
// s5). One step is 128 iterations; iteration i uses round r = i mod 8 and does for every lane, modulo 2^64, with
// fold(w, a) = rotl(w + a, 24), q the quotient and m the remainder of each line,
//   1. h: n = x + c, d = (y >> s6) | 1, unsigned                              h = fold(fold(h, q), m)
//   2. x: n = y, d = ((h >> s6) & ~2) | 1, signed, arithmetic shift           x = fold(fold(x, q), m)
//   3. y: n = ((h >> 1 >> s6) * 2^64 + (x ^ c)), d = (x | 2^63) >> s6, 128 by 64, unsigned
//                                                                             y = fold(fold(y, q), m)
//   4. h: n = low half of x, d = (low half of y >> s5) | 1, 32-bit unsigned   h = fold(h, q + 2^32 m)
//   5. x: n = high half of h, d = ((high half of y >> s5) & ~2) | 1, 32-bit signed, arithmetic shift
//                                                                             x = fold(x, q + 2^32 m), both modulo 2^32
// Signed quotients truncate towards zero and remainders have the sign of the dividend (C). No divisor is 0 or -1, and in line 3 the
// high half is below the divisor, so every quotient fits. s6 and s5 make divisors and quotients of every width. Each line is a
// bijection of the state and injective in its results, so no wrong bit is forgotten. Output of a step: the 48 words of state. A run
// has 64 steps.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace assay::probes::int_div {

inline constexpr std::string_view kId = "int.div.chain";
inline constexpr uint32_t kVersion = 1;
inline constexpr uint32_t kLanes = 16;
inline constexpr uint32_t kRounds = 8;
inline constexpr uint32_t kIterations = 128;  // a step
inline constexpr uint32_t kSteps = 64;
inline constexpr uint32_t kStateWords = 3 * kLanes;
inline constexpr uint32_t kParamWords = 2 * kRounds * kLanes;

// Operands of a set: random words; shifts uniform in 0..63 and 0..31, other bits of their words zero. The spans have kStateWords and
// kParamWords.
void operands(uint32_t operand_set, std::span<uint64_t> state, std::span<uint64_t> params);

}  // namespace assay::probes::int_div
