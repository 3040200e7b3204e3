// SPDX-License-Identifier: Apache-2.0
// int.alu.chain: what an integer unit does beside multiplying: sums with carry, shifts and rotates by variable amounts, logic, counts,
// byte order and conditional moves, in 16 independent chains.
//
// State: x[16], then y[16], z[16], h[16]. Parameters: c[8][16], then d[8][16]. One step is 256 iterations; iteration i uses round
// r = i mod 8 and does for every lane, on words of 64 bits, with (a:b) = 2^64 a + b, fold(w, a) = rotl(w + a, 24), k1 = h mod 64,
// k2 = h / 2^6 mod 64, k3 = h / 2^12 mod 64,
//    1. (y:x) = (y:x) + (d:c)                            modulo 2^128
//    2. (h:z) = (h:z) - (y:x)                            modulo 2^128
//    3. x = rotl(x, z mod 64)
//    4. y = rotl(y, -z / 2^6 mod 64)                     -z modulo 2^64; to the right by bits 6..11 of z or one less
//    5. z = fold(z, (x << k1) ^ (y >> k2))               logical
//    6. z = fold(z, x >> k3)                             arithmetic
//    7. h = fold(h, high half of ((x:y) << (z mod 64)))
//    8. h = h ^ (x & y);  y = y ^ (~h & z);  x = x ^ (z | h)
//    9. z = z + majority(x, y, h)                        of the three bits in each place
//   10. h = fold(h, (x & y) | (~x & z))
//   11. x = fold(x, ones(y) + 2^8 leading(z >> k1) + 2^16 trailing(y << k2))
//       the number of one bits, of leading zeros and of trailing zeros (64 for the word 0)
//   12. y = bytes of y in reverse order
//   13. z = fold(z, x < y ? h : c)                       unsigned
//   14. h = fold(h, x < z ? y : d)                       signed
// where k1..k3 are taken from the h of that line. Each line is a bijection of the state and injective in its results, so no wrong bit
// is forgotten. Output of a step: the 64 words of state. A run has 32 steps.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace assay::probes::int_alu {

inline constexpr std::string_view kId = "int.alu.chain";
inline constexpr uint32_t kVersion = 2;  // 1: twice the steps, half as long
inline constexpr uint32_t kLanes = 16;
inline constexpr uint32_t kRounds = 8;
inline constexpr uint32_t kIterations = 256;  // a step
inline constexpr uint32_t kSteps = 32;
inline constexpr uint32_t kStateWords = 4 * kLanes;
inline constexpr uint32_t kParamWords = 2 * kRounds * kLanes;

// Operands of a set: random words. The spans have kStateWords and kParamWords.
void operands(uint32_t operand_set, std::span<uint64_t> state, std::span<uint64_t> params);

}  // namespace assay::probes::int_alu
