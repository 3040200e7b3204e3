// SPDX-License-Identifier: Apache-2.0
// aes.chain: AES-128 encryption (FIPS 197) of its own output, in 16 independent chains, with the key schedule.
//
// State: 16 blocks of two words; byte 0 of a block is the low byte of its first word. Parameters: 4 keys of two words,
// in the same order of bytes. Step s expands key s mod 4 and then replaces every block by its encryption 256 times.
// Encryption is a bijection, so a wrong block stays wrong. Output of a step: the 32 words of state. A run has 32 steps.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace assay::probes::aes {

inline constexpr std::string_view kId = "aes.chain";
inline constexpr uint32_t kVersion = 1;
inline constexpr uint32_t kBlocks = 16;
inline constexpr uint32_t kKeys = 4;
inline constexpr uint32_t kIterations = 256;  // a step
inline constexpr uint32_t kSteps = 32;
inline constexpr uint32_t kStateWords = 2 * kBlocks;
inline constexpr uint32_t kParamWords = 2 * kKeys;

// Operands of a set: random blocks, random keys. The spans have kStateWords and kParamWords.
void operands(uint32_t operand_set, std::span<uint64_t> state, std::span<uint64_t> params);

}  // namespace assay::probes::aes
