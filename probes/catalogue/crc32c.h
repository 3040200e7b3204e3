// SPDX-License-Identifier: Apache-2.0
// hash.crc32c.chain: CRC-32C (Castagnoli) registers carried over a buffer, in 8 independent chains.
//
// State: 8 registers, each in the low half of a word (the high half is 0). Parameters: data[2048] words. In one step
// every lane l takes in the words data[(k + 256 l) mod 2048] for k = 0..2047, each as 8 bytes, low byte first, by the
// polynomial 0x1EDC6F41 in its reflected form 0x82F63B78, without inversion before or after (what the CRC32 instruction
// computes). A register is a bijection of the one before, so a wrong one stays wrong. Output of a step: the 8 words of
// state. A run has 64 steps.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace assay::probes::crc32c {

inline constexpr std::string_view kId = "hash.crc32c.chain";
inline constexpr uint32_t kVersion = 1;
inline constexpr uint32_t kLanes = 8;
inline constexpr uint32_t kDataWords = 2048;
inline constexpr uint32_t kLaneDistance = kDataWords / kLanes;
inline constexpr uint32_t kSteps = 64;
inline constexpr uint32_t kStateWords = kLanes;
inline constexpr uint32_t kParamWords = kDataWords;
inline constexpr uint32_t kPolynomial = 0x82F63B78;

// Operands of a set: random registers, random data. The spans have kStateWords and kParamWords.
void operands(uint32_t operand_set, std::span<uint64_t> state, std::span<uint64_t> params);

}  // namespace assay::probes::crc32c
