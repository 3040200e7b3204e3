// SPDX-License-Identifier: Apache-2.0
// cross.pingpong: four streams write their own words and bytes of the same cache lines at once. Lines travel between the CPUs with every
// pass, and no neighbour's store may be lost, doubled or merged wrongly on the way.
//
// State: w[256] words, 32 lines of 8; then b[2048] bytes, 32 lines of 64 (byte j of a word is bits 8j..8j+7). Parameters: a[32] odd,
// c[32]. Stream t owns words t and t + 4 of every line of w, and every byte of b whose number is t modulo 4. A run has 8 steps of 48
// passes; a pass does for every line l, for each word w of the stream there, and for each byte b of the stream there:
//   w = rotl(w * a[l] + c[l], 29) modulo 2^64
//   b = b * (a[l] mod 256) + (c[l] mod 256) + number of the pass, modulo 256
// Every number is read and written in memory in each pass. Output of a step: the state. Stream t is done by the unit (t = 0) and its
// partners in turn; index and bits of a wrong word name the stream.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace assay::probes::pingpong {

inline constexpr std::string_view kId = "cross.pingpong";
inline constexpr uint32_t kVersion = 1;
inline constexpr uint32_t kStreams = 4;
inline constexpr uint32_t kLines = 32;      // of each kind
inline constexpr uint32_t kLineWords = 8;
inline constexpr uint32_t kLineBytes = 64;
inline constexpr uint32_t kWords = kLines * kLineWords;  // of each kind
inline constexpr uint32_t kStateWords = 2 * kWords;
inline constexpr uint32_t kParamWords = 2 * kLines;
inline constexpr uint32_t kPasses = 48;     // a step
inline constexpr uint32_t kSteps = 8;

// Random words; factors are made odd, so that the map of every word and byte is a bijection. kStateWords and kParamWords.
void operands(uint32_t operand_set, std::span<uint64_t> state, std::span<uint64_t> params);

}  // namespace assay::probes::pingpong
