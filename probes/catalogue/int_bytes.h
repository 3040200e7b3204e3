// SPDX-License-Identifier: Apache-2.0
// int.bytes.chain: permutations of 64 and of 128 bytes, parting and joining of bytes under masks, fields of bits at any place, and counts,
// in 4 independent chains.
//
// State: four vectors x of 64 bytes, then four vectors y, then k[4]. A vector is 8 words, byte 0 lowest. Parameters: 8 rounds of 32
// words: 64 byte indices p (a permutation of 0..63), 128 byte indices q (a permutation of 0..127), 8 words c. One step is 256 iterations;
// iteration i uses round r = i mod 8 and does for every chain, with fold(w, v) = rotl(w + v, 24) modulo 2^64 in each word,
// s = the vector of the words c ^ k, and ones(w) the number of one bits,
//   1. y = fold(y, z), byte j of z = the low 8 bits of rotr(word j / 8 of x, byte j of s mod 64)                     VPMULTISHIFTQB
//   2. byte j of x = byte (p[j] ^ (k mod 64)) of x                                                                   VPERMB
//   3. k = fold(k, b), bit j of b = bit (byte j of s mod 64) of word j / 8 of y                                      VPSHUFBITQMB
//   4. y = fold(y, z), word j of z = the high half of (x_j : c_j) << (s_j mod 64)                                    VPSHLDVQ
//   5. y = fold(y, z), each 16 bits of z = the low half of (c : x) >> (s mod 16), of those 16 bits of c, x and s     VPSHRDVW
//   6. x = its bytes where k has ones, in order, and then the others                                                 VPCOMPRESSB
//   7. y = its first bytes, in order, where rotl(k, 17) has ones, and the others, in order, where it has zeros       VPEXPANDB
//   8. byte j of x = byte q[j] of x and y one after the other, byte j of y = byte q[64 + j] of the same              VPERMI2B
//   9. x = fold(x, z), byte j of z = ones(byte j of y)                                                               VPOPCNTB
//  10. x = fold(x, z), each 16 bits of z = ones(those of y)                                                          VPOPCNTW
// Here s is that of the k at the line. Each line is a bijection of the state and injective in its result, so no wrong bit is
// forgotten. Output of a step: the 68 words of state. A run has 16 steps.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace assay::probes::int_bytes {

inline constexpr std::string_view kId = "int.bytes.chain";
inline constexpr uint32_t kVersion = 2;  // 1: twice the steps, half as long
inline constexpr uint32_t kChains = 4;
inline constexpr uint32_t kVectorWords = 8;
inline constexpr uint32_t kRounds = 8;
inline constexpr uint32_t kIterations = 256;  // a step
inline constexpr uint32_t kSteps = 16;
// Where each begins in the state, and in a round.
inline constexpr uint32_t kY = kChains * kVectorWords;
inline constexpr uint32_t kK = 2 * kY;
inline constexpr uint32_t kStateWords = kK + kChains;
inline constexpr uint32_t kQ = kVectorWords;
inline constexpr uint32_t kC = kQ + 2 * kVectorWords;
inline constexpr uint32_t kRoundWords = kC + kVectorWords;
inline constexpr uint32_t kParamWords = kRounds * kRoundWords;

// Operands of a set: random words and random permutations. The spans have kStateWords and kParamWords.
void operands(uint32_t operand_set, std::span<uint64_t> state, std::span<uint64_t> params);

}  // namespace assay::probes::int_bytes
