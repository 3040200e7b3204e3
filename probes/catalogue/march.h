// SPDX-License-Identifier: Apache-2.0
// mem.march: March C- over 4 MiB with two data backgrounds, address in data and a constant, checked as it is read.
//
// Memory is w[524288] words, in blocks of 8,192. A background is (seed, stride) and its pattern p(i) = v xor (v >> 32)
// with v = seed + i * stride modulo 2^64: with an odd stride every word tells its own address. A run has 12 steps: for
// background 0, then 1, the six elements of March C- (van de Goor, "Using March Tests to Test SRAMs", 1993), each over
// the whole memory, a cell being a line of 8 words:
//   0 up: write p              1 up: read p, write ~p       2 up: read ~p, write p
//   3 down: read p, write ~p   4 down: read ~p, write p     5 up: read p
// Output of a step: 16 words a block, by address: d[8], then o[8]. Both start at 0 in every block; for every line
// visited and j = 0..7, with the word r read (element 0: the word written) and the word e expected there: d[j] =
// rotl(d[j] + r, 24), o[j] = o[j] | (r xor e). So o is 0 in every golden, any wrong word makes it differ and nothing
// cancels, and d shows that the memory was really read.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace assay::probes::march {

inline constexpr std::string_view kId = "mem.march";
inline constexpr uint32_t kVersion = 1;
inline constexpr uint32_t kLineWords = 8;
inline constexpr uint32_t kBlockWords = 8192;
inline constexpr uint32_t kBlocks = 64;
inline constexpr uint32_t kWords = kBlocks * kBlockWords;
inline constexpr uint64_t kBytes = uint64_t{kWords} * sizeof(uint64_t);
inline constexpr uint32_t kBackgrounds = 2;
inline constexpr uint32_t kElements = 6;
inline constexpr uint32_t kReadingElements = 5;
inline constexpr uint32_t kSteps = kBackgrounds * kElements;
inline constexpr uint32_t kOutputWordsPerBlock = 2 * kLineWords;

struct Background {
  uint64_t seed = 0;
  uint64_t stride = 0;
};
// Background 0: random seed, random odd stride. Background 1, stride 0: by set mod 8 the classic patterns 0, 5555..,
// 3333.., 0F0F.., 00FF.., 0000FFFF.. (each with its complement in the next element), or a random word.
std::array<Background, kBackgrounds> operands(uint32_t operand_set);

// One element of the march.
struct Element {
  bool down = false;
  bool reads = false;
  bool writes = false;
  bool read_inverse = false;   // expects ~p
  bool write_inverse = false;  // writes ~p
};
inline constexpr std::array<Element, kElements> kMarch = {{
    {false, false, true, false, false},
    {false, true, true, false, true},
    {false, true, true, true, false},
    {true, true, true, false, true},
    {true, true, true, true, false},
    {false, true, false, false, false},
}};

}  // namespace assay::probes::march
