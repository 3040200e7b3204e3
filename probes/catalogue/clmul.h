// SPDX-License-Identifier: Apache-2.0
// clmul.chain: carry-less multiplication: products of polynomials over GF(2) and multiplication in the field GF(2^128), in 16
// independent chains.
//
// A word is a polynomial: bit i is the coefficient of t^i. A lane is 128 bits, two words, the low one first. a * b of two words is
// their carry-less product of 128 bits. State: x[16], then h[16], lanes. Parameters: k[8][16] (not zero), then c[8][16], lanes. One
// step is 512 iterations; iteration i uses round r = i mod 8 and does for every lane
//   1. h = fold(h, (low(x) ^ low(c)) * high(x))            fold(a, b), in each word: rotl(a + b, 24) modulo 2^64
//   2. x = x k modulo t^128 + t^7 + t^2 + t + 1            the polynomial of GHASH (NIST SP 800-38D), bits not reflected
//   3. x = x + h                                           in each word, modulo 2^64
// The polynomial is irreducible and k is not zero, so line 2 is a bijection; each line is one, and injective in its results: a wrong
// bit in any partial product of line 2 is a difference of degree below 256 that the polynomial does not divide. Output of a step: the 64
// words of state. A run has 16 steps.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace assay::probes::clmul {

inline constexpr std::string_view kId = "clmul.chain";
inline constexpr uint32_t kVersion = 2;  // 1: twice the steps, half as long
inline constexpr uint32_t kLanes = 16;  // of two words
inline constexpr uint32_t kRounds = 8;
inline constexpr uint32_t kIterations = 512;  // a step
inline constexpr uint32_t kSteps = 16;
inline constexpr uint32_t kLaneWords = 2;
inline constexpr uint32_t kStateWords = 2 * kLaneWords * kLanes;
inline constexpr uint32_t kParamWords = 2 * kLaneWords * kRounds * kLanes;
inline constexpr uint64_t kPolynomial = 0x87;  // without t^128

// Operands of a set: random words; bit 0 of each k is set. The spans have kStateWords and kParamWords.
void operands(uint32_t operand_set, std::span<uint64_t> state, std::span<uint64_t> params);

}  // namespace assay::probes::clmul
