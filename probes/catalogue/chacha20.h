// SPDX-License-Identifier: Apache-2.0
// chacha20.chain: the 20 rounds of ChaCha20 (RFC 8439, 2.3) over their own output, in 16 independent blocks.
//
// State: x[16][16], 32-bit words, first index the word of the block (0..15 of RFC 8439), second the block, two to a
// 64-bit word, the first in the low half. Parameters: k[4][16][16] in the same layout. One step is 64 iterations;
// iteration i does for every block b, modulo 2^32,
//   x = rounds(x) + k[i mod 4]
// where rounds() is ten times the column round and the diagonal round, and all 16 words are added. RFC 8439 adds the
// input of the rounds there; that is no bijection, a key that stays is one: a wrong block stays wrong. Output of a
// step: the 128 words of state. A run has 32 steps.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace assay::probes::chacha20 {

inline constexpr std::string_view kId = "chacha20.chain";
inline constexpr uint32_t kVersion = 2;  // 1: twice the steps, half as long
inline constexpr uint32_t kBlocks = 16;
inline constexpr uint32_t kBlockWords = 16;  // of 32 bits
inline constexpr uint32_t kDoubleRounds = 10;
inline constexpr uint32_t kKeys = 4;
inline constexpr uint32_t kIterations = 64;  // a step
inline constexpr uint32_t kSteps = 32;
inline constexpr uint32_t kStateWords = kBlocks * kBlockWords / 2;
inline constexpr uint32_t kParamWords = kKeys * kStateWords;

// Operands of a set: random words. The spans have kStateWords and kParamWords.
void operands(uint32_t operand_set, std::span<uint64_t> state, std::span<uint64_t> params);

}  // namespace assay::probes::chacha20
