// SPDX-License-Identifier: Apache-2.0
// hash.sha256.chain: the compression function of SHA-256 (FIPS 180-4, 6.2.2) over its own output, in 4 independent chains.
//
// State: 4 chains of four words; word k of a chain holds H[2k] in its low and H[2k+1] in its high half. Parameters:
// d[16][4] words, in the same order of halves eight 32-bit words each. One step is 128 iterations; iteration i does for
// every chain c
//   H = compress(H, M),  M[0..7] = H[0..7],  M[8..15] = d[(i + c) mod 16]
// with the 32-bit words as numbers, so that no order of bytes comes in. H is fed both as chaining value and as message:
// the schedule works on new data each time. The compression adds its input at the end (Davies and Meyer) and is no
// bijection, but nobody knows two states that it makes equal: a wrong bit changes half the bits of the next state.
// Output of a step: the 16 words of state. A run has 64 steps.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace assay::probes::sha256 {

inline constexpr std::string_view kId = "hash.sha256.chain";
inline constexpr uint32_t kVersion = 1;
inline constexpr uint32_t kChains = 4;
inline constexpr uint32_t kChainWords = 4;
inline constexpr uint32_t kMessages = 16;
inline constexpr uint32_t kIterations = 128;  // a step, one compression a chain each
inline constexpr uint32_t kSteps = 64;
inline constexpr uint32_t kStateWords = kChains * kChainWords;
inline constexpr uint32_t kParamWords = kMessages * kChainWords;

// Operands of a set: random words. The spans have kStateWords and kParamWords.
void operands(uint32_t operand_set, std::span<uint64_t> state, std::span<uint64_t> params);

}  // namespace assay::probes::sha256
