// SPDX-License-Identifier: Apache-2.0
// sort.merge: sorting of 64-bit keys with payloads by five methods in turn: comparisons, branches on data, swaps in memory.
//
// State: 1,024 elements of a key and a payload, words 2 i and 2 i + 1. Parameters: 4 rounds of (m, c, a, b), m and a odd.
// Step s first puts the elements in ascending order, by key and among equal keys by payload, both unsigned; with
// (m, c, a, b) of round s mod 4 it then gives all of them new places and new values, modulo 2^64:
//   (k, p) = sorted[(i a + b) mod 1024];  element i = (rotl(k, 17) m, rotl(p + k, 29) + c)
// The order is total and equal elements are alike, so any method of sorting gives these words. Implementations use
// another one in every step: s mod 5 = 0 quicksort, 1 merge sort, 2 radix sort, 3 heapsort, 4 a sorting network; each works
// another part of the core. Half of the keys are from a pool of 32, and stay equal to each other since a new key depends on
// the key alone: both arms of the comparison are taken.
// New values are a bijection of old ones, element by element. A wrong, lost or doubled element, and a wrong place in the
// output, is never forgotten; what sorting does forget is the order in which right elements came. Output of a step: the
// 2,048 words of state. A run has 80 steps.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace assay::probes::sort {

inline constexpr std::string_view kId = "sort.merge";
inline constexpr uint32_t kVersion = 1;
inline constexpr uint32_t kElements = 1024;
inline constexpr uint32_t kPool = 32;  // keys that half of the elements share
inline constexpr uint32_t kRounds = 4;
inline constexpr uint32_t kRoundWords = 4;  // m, c, a, b
inline constexpr uint32_t kMethods = 5;
inline constexpr uint32_t kSteps = 80;
inline constexpr uint32_t kStateWords = 2 * kElements;
inline constexpr uint32_t kParamWords = kRounds * kRoundWords;

// Operands of a set: random payloads; keys random (even elements) or one of kPool random ones (odd elements); random
// rounds. The spans have kStateWords and kParamWords.
void operands(uint32_t operand_set, std::span<uint64_t> state, std::span<uint64_t> params);

}  // namespace assay::probes::sort
