// SPDX-License-Identifier: Apache-2.0
// int.bits.chain: gathering and scattering of bits (what x86 calls PEXT and PDEP) and the cuts of BMI, in 16 independent chains.
//
// pext(w, m): the bits of w where m has ones, moved together at the low end, zeros above. pdep(w, m): the lowest bits of w, moved to
// the places where m has ones, zeros elsewhere. ones(m): how many. fold(w, a) = rotl(w + a, 24).
// State: x[16], then y[16], h[16]. Parameters: c[8][16]. One step is 64 iterations; iteration i uses round r = i mod 8 and does for every
// lane, modulo 2^64,
//   1. x = pext(x, y) + rotl(pext(x, ~y), ones(y))                     the bits under ones and under zeros of y parted
//   2. y = pdep(y, h) + pdep(rotr(y, ones(h)), ~h)                     the inverse, with the mask h
//   3. h = fold(h, pext(x + c, y & rotl(x, 13)))                       a thin mask
//   4. x = fold(x, pdep(y, h | c))                                     a dense one
//   5. h = fold(h, x mod 2^(y mod 64))                                 BZHI
//   6. y = fold(y, (h >> (x mod 64)) mod 2^(x / 2^8 mod 64))           BEXTR
//   7. x = fold(x, lowest(y << (h mod 64)) ^ (h & (h - 1)))            BLSI, BLSR; lowest(w) = w & -w
//   8. y = fold(y, w ^ (w - 1)), w = x << (h / 2^6 mod 64)             BLSMSK
// Lines 1 and 2 are permutations of the bits of x and y for any mask; each line is a bijection of the state and injective in its
// results, so no wrong bit is forgotten. Output of a step: the 48 words of state. A run has 64 steps.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace assay::probes::int_bits {

inline constexpr std::string_view kId = "int.bits.chain";
inline constexpr uint32_t kVersion = 1;
inline constexpr uint32_t kLanes = 16;
inline constexpr uint32_t kRounds = 8;
inline constexpr uint32_t kIterations = 64;  // a step
inline constexpr uint32_t kSteps = 64;
inline constexpr uint32_t kStateWords = 3 * kLanes;
inline constexpr uint32_t kParamWords = kRounds * kLanes;

// Operands of a set: random words. The spans have kStateWords and kParamWords.
void operands(uint32_t operand_set, std::span<uint64_t> state, std::span<uint64_t> params);

}  // namespace assay::probes::int_bits
