// SPDX-License-Identifier: Apache-2.0
// mask.ops: comparisons that make masks, arithmetic on masks, and vectors that obey them: masked sums, blends, parting and joining of
// lanes, in 4 independent chains.
//
// State: four vectors x of 8 words, then four vectors y, then k[4], then m[4]. A vector is 64 bytes, 32 half words of 16 bits, 16
// half words of 32 bits ("dwords") or 8 words, lowest first; k and m are masks, bit j for element j. Parameters: 8 rounds of two
// vectors a, b. One step is 64 iterations; iteration i uses round r = i mod 8 and does for every chain, with fold(w, v) = rotl(w + v, 24)
// modulo 2^64, and with masks that have a one where
//    c = the byte of x is below that of y, unsigned             (64 bits)
//    d = the bytes of x and y have no one in common             (64 bits)
//    e = the two lowest bits of the bytes of x and y are equal  (64 bits)
//    p = 2^56 p0 + 2^48 p1 + 2^32 p2 + p3: p0 = word of x below that of y, unsigned; p1 = the same, signed; p2 = dword of x below that
//        of y, signed; p3 = 16-bit half word of x above that of y, signed
//   1. k = fold(k, c);  m = fold(m, d);  m = fold(m, e);  k = fold(k, p)
//   2. m = m + (k & d);  k = k ^ (m | e);  m = ~(m ^ k);  k = k ^ (~c & m)
//   3. m = fold(m, (k * 2^7) ^ floor(k / 2^9))                  modulo 2^64
//   4. f = 0..15: 1 where (k & m) mod 2^8 is 0, 2 where (~k & m) mod 2^8 is 0, 4 where (k | m) mod 2^8 is 0, 8 where it is 255
//      k = fold(k, f)
//   5. byte j of x = bit j of k ? x + y : x ^ b                 modulo 2^8
//   6. y = fold(y, z) in each word; byte j of z = bit j of m ? byte of x : byte of a
//   7. x = its dwords where m has ones in bits 0..15, in order, and then the others
//   8. y = its first dwords in order where k has ones in bits 48..63, and the others in order where it has zeros
// Each line is a bijection of the state and injective in its masks, so no wrong bit is forgotten. Output of a step: the 72 words of
// state. A run has 64 steps.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace assay::probes::mask {

inline constexpr std::string_view kId = "mask.ops";
inline constexpr uint32_t kVersion = 1;
inline constexpr uint32_t kChains = 4;
inline constexpr uint32_t kVectorWords = 8;
inline constexpr uint32_t kRounds = 8;
inline constexpr uint32_t kIterations = 64;  // a step
inline constexpr uint32_t kSteps = 64;
// Where each begins in the state.
inline constexpr uint32_t kY = kChains * kVectorWords;
inline constexpr uint32_t kK = 2 * kY;
inline constexpr uint32_t kM = kK + kChains;
inline constexpr uint32_t kStateWords = kM + kChains;
inline constexpr uint32_t kParamWords = 2 * kRounds * kVectorWords;

// Operands of a set: random words. The spans have kStateWords and kParamWords.
void operands(uint32_t operand_set, std::span<uint64_t> state, std::span<uint64_t> params);

}  // namespace assay::probes::mask
