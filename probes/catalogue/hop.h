// SPDX-License-Identifier: Apache-2.0
// cross.hop: a chain of blocks that goes from CPU to CPU; what one made, the next takes apart again and compares. A fault that undoes
// itself where it was made (encrypt and decrypt on one broken core) shows here.
//
// State: x[256], in 4 blocks of 64 words. Parameters, for the roles r = 0, 1, 2 and j = 0..15: odd multipliers m[r][j], then c[r][j].
// One step is 64 rounds; a round does for every block, for r = 0, 1, 2, for every word i of the state in the block, j = i mod 16, modulo 2^64:
//   x[i] = rotl((x[i] xor c[r][j]) * m[r][j], 29)
//   h[r][i mod 8] = rotl(h[r][i mod 8] + x[i], 24)
// h is 0 at the start of a step. Role 0 is done by the unit, role 1 by one partner and role 2 by another (by the same where the device
// has two CPUs). Before a role changes a block it computes the words back to what they were before the role before, and compares with a
// copy of those: d[r][i mod 8] collects the differing bits by OR (role 0 looks at the work of role 2; at the end of the step at the last).
// Output of a step: x[256], h[3][8], d[3][8]; d is 0 in every golden. A run has 8 steps. A word of h[r] or d[r] names role r by its index.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace assay::probes::hop {

inline constexpr std::string_view kId = "cross.hop";
inline constexpr uint32_t kVersion = 1;
inline constexpr uint32_t kRoles = 3;
inline constexpr uint32_t kBlocks = 4;
inline constexpr uint32_t kBlockWords = 64;
inline constexpr uint32_t kWords = kBlocks * kBlockWords;
inline constexpr uint32_t kColumns = 16;  // multipliers of a role
inline constexpr uint32_t kParamWords = 2 * kRoles * kColumns;
inline constexpr uint32_t kTraces = 8;    // words of h and d of a role
inline constexpr uint32_t kRounds = 64;   // a step
inline constexpr uint32_t kSteps = 8;
inline constexpr uint32_t kOutputWords = kWords + 2 * kRoles * kTraces;

// Random words; the multipliers are made odd, so that every role's map of a word is a bijection. kWords and kParamWords.
void operands(uint32_t operand_set, std::span<uint64_t> state, std::span<uint64_t> params);

}  // namespace assay::probes::hop
