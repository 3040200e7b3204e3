// SPDX-License-Identifier: Apache-2.0
// gather.scatter: loads and stores by indices out of the data, through a table that stays in the first-level cache, in 16 chains.
//
// State: x[16], then h[16], then a table T of 1,024 words. T32 is the table as 2,048 half words of 32 bits, the low half of a word
// first. Row l of the table, words 64 l to 64 l + 63, belongs to lane l. Parameters: c[8][16]. One step is 1,024 iterations; iteration i
// uses round r = i mod 8 and does each line for every lane before the next line, with fold(w, a) = rotl(w + a, 24) modulo 2^64,
//   1. x = fold(x, h odd ? T[floor(h / 2^54)] : c)          from anywhere, under a mask
//   2. h = fold(h, T32[x mod 2^11])                         from anywhere, 32 bits
//   3. j = 64 l + floor(x / 2^58): h = fold(h, T[j]), T[j] = fold(the same T[j], x)
//   4. j = 128 l + floor(h / 2^57): x = fold(x, T32[j]), T32[j] = rotl(the same T32[j] + h, 11) modulo 2^32
// Lines 3 and 4 write to the lane's own row, so no two lanes meet. Each line is a bijection of the state and injective in what was
// loaded: a word that was loaded from or stored to a wrong place shows. Output of a step: the 1,056 words of state. A run has 16 steps.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace assay::probes::gather {

inline constexpr std::string_view kId = "gather.scatter";
inline constexpr uint32_t kVersion = 1;
inline constexpr uint32_t kLanes = 16;
inline constexpr uint32_t kRounds = 8;
inline constexpr uint32_t kIterations = 1024;  // a step
inline constexpr uint32_t kSteps = 16;
inline constexpr uint32_t kTableWords = 1024;
inline constexpr uint32_t kRowWords = kTableWords / kLanes;
inline constexpr uint32_t kTableWord = 2 * kLanes;  // where the table starts in the state
inline constexpr uint32_t kStateWords = kTableWord + kTableWords;
inline constexpr uint32_t kParamWords = kRounds * kLanes;

// Operands of a set: random words. The spans have kStateWords and kParamWords.
void operands(uint32_t operand_set, std::span<uint64_t> state, std::span<uint64_t> params);

}  // namespace assay::probes::gather
