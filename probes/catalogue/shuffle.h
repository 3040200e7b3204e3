// SPDX-License-Identifier: Apache-2.0
// shuffle.perm: permutations of bytes, 32-bit lanes and 64-bit lanes by random tables, in 8 independent vectors of 64
// bytes.
//
// State: 8 vectors of 8 words, byte 0 lowest. Parameters: 8 rounds of 24 words: 64 byte indices (each 0..15, a
// permutation within its own 16 bytes), 16 lane indices of 32 bits (each 0..7, a permutation within its own 32 bytes),
// 8 words c. One step is 512 iterations; iteration i uses round i mod 8 and does for every vector
//   1. bytes:   y[j] = x[16 floor(j / 16) + byte_index[j]]                for the 64 bytes
//   2. lanes:   z[j] = y[8 floor(j / 8) + lane_index[j]]                  for the 16 lanes of 32 bits
//   3. zip:     w[2 j] = z[j], w[2 j + 1] = z[4 + j] for j = 0..3         for the 8 words
//   4. x = w + c                                                          modulo 2^64
// Every step is a bijection, so a wrong bit stays wrong. Output of a step: the 64 words of state. A run has 64 steps.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace assay::probes::shuffle {

inline constexpr std::string_view kId = "shuffle.perm";
inline constexpr uint32_t kVersion = 1;
inline constexpr uint32_t kVectors = 8;
inline constexpr uint32_t kWordsPerVector = 8;
inline constexpr uint32_t kRounds = 8;
inline constexpr uint32_t kRoundWords = 24;    // of parameters
inline constexpr uint32_t kLaneIndexWord = 8;  // where they start in a round
inline constexpr uint32_t kConstantWord = 16;
inline constexpr uint32_t kIterations = 512;  // a step
inline constexpr uint32_t kSteps = 64;
inline constexpr uint32_t kStateWords = kVectors * kWordsPerVector;
inline constexpr uint32_t kParamWords = kRounds * kRoundWords;

// Operands of a set: random words and random permutations. The spans have kStateWords and kParamWords.
void operands(uint32_t operand_set, std::span<uint64_t> state, std::span<uint64_t> params);

}  // namespace assay::probes::shuffle
