// SPDX-License-Identifier: Apache-2.0
// int.mul32.chain: the narrow multipliers of vector units: products of 32, 16 and 8 bits, sums of products, and what goes with them:
// saturating sums, packing, sums of differences. In 8 independent chains of 16 bytes.
//
// A group is 16 bytes: 2 words of 64 bits, 4 dwords of 32, 8 half words of 16, lowest first. State: x, then y, then h, 8 groups each.
// Parameters: c, 8 rounds of 8 groups. One step is 128 iterations; iteration i uses round r = i mod 8 and does for every group the lines
// below. t = fold(t, v) is, in each word, rotl(t + v, 24) modulo 2^64; each v has as many bits as the group. Elements of v are named by
// their size; all but saturated ones are modulo their size.
//    1. h: dwords (x ^ c) * y                                                  PMULLD
//    2. x: words, low dword of y * low dword of h, unsigned                    PMULUDQ
//    3. y: words, high dword of h * high dword of x, signed                    PMULDQ
//    4. h: dwords, the sum of both products of half words of x and y, signed   PMADDWD
//    5. x: half words, y * h signed, divided by 2^16, rounded down             PMULHW
//    6. y: half words, h * x unsigned, divided by 2^16, rounded down           PMULHUW
//    7. h: half words x * y                                                    PMULLW
//    8. x: half words, y * h signed, divided by 2^15, to nearest, halves up    PMULHRSW
//    9. y: half words, the sum of both products of bytes of h (unsigned) and x (signed), saturated signed     PMADDUBSW
//   10. h: half words x + y, saturated signed                                  PADDSW
//   11. x: bytes y - h, saturated unsigned                                     PSUBUSB
//   12. y: half words h + x, saturated unsigned                                PADDUSW
//   13. h: half words: 4 dwords of x, then 4 of y, divided by 2^15, rounded down, saturated signed             PACKSSDW
//   14. x: bytes: 8 half words of y, then 8 of h, divided by 2^7, rounded down, saturated unsigned             PACKUSWB
//   15. y: words, the sum of |difference| of the 8 bytes of h and x            PSADBW
// Each line is a bijection of the state and injective in its result, so no wrong bit is forgotten. Output of a step: the 48 words of
// state. A run has 64 steps.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace assay::probes::int_mul32 {

inline constexpr std::string_view kId = "int.mul32.chain";
inline constexpr uint32_t kVersion = 1;
inline constexpr uint32_t kWords = 16;  // of x, of y and of h
inline constexpr uint32_t kRounds = 8;
inline constexpr uint32_t kIterations = 128;  // a step
inline constexpr uint32_t kSteps = 64;
inline constexpr uint32_t kStateWords = 3 * kWords;
inline constexpr uint32_t kParamWords = kRounds * kWords;

// Operands of a set: random words. The spans have kStateWords and kParamWords.
void operands(uint32_t operand_set, std::span<uint64_t> state, std::span<uint64_t> params);

}  // namespace assay::probes::int_mul32
