// SPDX-License-Identifier: Apache-2.0
// addmul.fp64.chain, addmul.fp32.chain: separate IEEE additions, subtractions and multiplications on full random
// mantissas, in 32 (FP64) or 64 (FP32) independent chains. Nothing is fused: a build or a unit that contracts a product
// and a sum into one rounding gives other bits.
//
// State: u[lanes], then v[lanes], words of 64 or 32 bits. Parameters: a[8][lanes], then b[8][lanes], floating-point.
// One step is 512 iterations; iteration i uses rounds r = 2 i mod 8 and r + 1, and does for every lane, each operation
// rounded to nearest even (IEEE 754) by itself,
//   p = window(u) * a[r]          s = p + b[r]              v = fold(fold(v, p), s)
//   d = window(v) - b[r + 1]      q = d * a[r + 1]          u = fold(fold(u, d), q)
// with fold(w, y) = rotl(w + bits(y), 24) (FP32: rotl by 8) and window() as in fma.h, so 2^-15 <= |window(w)| < 2. |a|
// and |b| lie in [2^-8, 2^8). Nothing is ever NaN, infinite or denormal: a product is over 2^-23, a difference that is
// not zero is a multiple of 2^-67 (FP32: 2^-38), so q is over 2^-75 (2^-46). Each half of an iteration is a bijection
// of (u, v) and injective in both of its results: a wrong product is not forgotten where a large addend absorbs it.
// Output of a step: the 64 words of state (FP32: two lanes to a word, the first in the low half). A run has 32 steps.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "probes/catalogue/fma.h"

namespace assay::probes::addmul {

inline constexpr std::string_view kIdF64 = "addmul.fp64.chain";
inline constexpr std::string_view kIdF32 = "addmul.fp32.chain";
inline constexpr uint32_t kVersion = 1;
inline constexpr uint32_t kHalfWords = 32;  // of u, and of v
inline constexpr uint32_t kStateWords = 2 * kHalfWords;
inline constexpr uint32_t kLanesF64 = kHalfWords;
inline constexpr uint32_t kLanesF32 = 2 * kHalfWords;
inline constexpr uint32_t kRounds = 8;
inline constexpr uint32_t kIterations = 512;  // a step, four operations a lane each
inline constexpr uint32_t kSteps = 32;
inline constexpr uint32_t kParamWords = 2 * kRounds * kHalfWords;

// window(w) = (w & kKeep) | kSet.
inline constexpr uint64_t kKeepF64 = fma::kKeepF64;
inline constexpr uint64_t kSetF64 = fma::kSetF64;
inline constexpr uint32_t kKeepF32 = fma::kKeepF32;
inline constexpr uint32_t kSetF32 = fma::kSetF32;

// Operands of a set: u and v random; a and b of random sign and mantissa, exponents -8..7. The spans have kStateWords
// and kParamWords.
void operands_f64(uint32_t operand_set, std::span<uint64_t> state, std::span<uint64_t> params);
void operands_f32(uint32_t operand_set, std::span<uint64_t> state, std::span<uint64_t> params);

}  // namespace assay::probes::addmul
