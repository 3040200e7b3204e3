// SPDX-License-Identifier: Apache-2.0
// minmax.chain: minima, maxima, comparisons into masks, blends and sign operations of integers of 8 to 64 bits and of
// FP32 and FP64, in 32 independent chains.
//
// State: u[32], then v[32], 64-bit words. Parameters: d[8][32], then a[8][32]. One step is 64 iterations; iteration i
// uses rounds r = 2 i mod 8 and r + 1. Its first half takes w = u, o = w ^ d[r], b = a[r] and folds into v; its second
// takes w = v, o = w ^ d[r + 1], b = a[r + 1] and folds into u. fold(to, y) = rotl(to + y, 24). A word holds the lanes of
// each width, the first lowest; a mask has all bits of a lane set or clear. In this order,
//   first half:  min s8, max u8, min s16, max u16, min s32, max u32, min s64, max u64 of (w, o);
//                masks w > o s8, w == o 16, w > o s32, w == o 64;
//                FP64: min(x, y), mask x < y, (x < y ? w : b), b with the sign of x;
//                FP32: max(x, y), mask x <= y, (x <= y ? b : w), -|x|
//   second half: max s8, min u8, max s16, min u16, max s32, min u32, max s64, min u64;
//                masks w == o 8, w > o s16, w == o 32, w > o s64;
//                FP64: max(x, y), mask x <= y, (x <= y ? b : w), -|x|;
//                FP32: min(x, y), mask x < y, (x < y ? w : b), b with the sign of x
// where x and y are window(w) and window(o), as in fma.h: never zero and never NaN, so no rule of minima of zeros or of
// NaNs is asked for. Blends and signs work on the lanes of their precision. In rounds 0, 1, 4 and 5 each byte of d has
// a random length from 0 to 8 bits, in the others the whole word has one from 0 to 64: w and o differ in low bits only, or not at
// all, so that a comparison has to look at every bit. Each half is a bijection of (u, v) and injective in every result.
// Output of a step: the 64 words of state. A run has 16 steps.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "probes/catalogue/fma.h"

namespace assay::probes::minmax {

inline constexpr std::string_view kId = "minmax.chain";
inline constexpr uint32_t kVersion = 2;  // 1: twice the steps, half as long
inline constexpr uint32_t kLanes = 32;
inline constexpr uint32_t kRounds = 8;
inline constexpr uint32_t kIterations = 64;  // a step
inline constexpr uint32_t kResults = 40;     // an iteration and lane
inline constexpr uint32_t kSteps = 16;
inline constexpr uint32_t kStateWords = 2 * kLanes;
inline constexpr uint32_t kParamWords = 2 * kRounds * kLanes;

// Operands of a set: u, v and a random, d as above. The spans have kStateWords and kParamWords.
void operands(uint32_t operand_set, std::span<uint64_t> state, std::span<uint64_t> params);

}  // namespace assay::probes::minmax
