// SPDX-License-Identifier: Apache-2.0
// div.fp64.chain, div.fp32.chain: IEEE division and square root on full random mantissas, in 16 (FP64) or 32 (FP32)
// independent chains.
//
// State: u[lanes], then v[lanes], words of 64 or 32 bits. Parameters: a[8][lanes], floating-point. One step is 256
// iterations; iteration i uses round r = i mod 8 and does for every lane, with round to nearest even,
//   v = rotl(v + bits(a[r] / window(u)), 24)                         FP32: rotl by 8
//   u = rotl(u + bits(sqrt(|window(v)|)), 24)
// with window() as in fma.h, so 2^-15 <= |window(w)| < 2; |a| lies in [2^-8, 2^8): nothing is ever NaN, infinite, zero
// or denormal. Each line is a bijection of (u, v) and injective in its result, so no wrong bit is forgotten. Output of
// a step: the 32 words of state (FP32: two lanes to a word, the first in the low half). A run has 64 steps.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "probes/catalogue/fma.h"

namespace assay::probes::div {

inline constexpr std::string_view kIdF64 = "div.fp64.chain";
inline constexpr std::string_view kIdF32 = "div.fp32.chain";
inline constexpr uint32_t kVersion = 1;
inline constexpr uint32_t kHalfWords = 16;  // of u, and of v
inline constexpr uint32_t kLanesF64 = kHalfWords;
inline constexpr uint32_t kLanesF32 = 2 * kHalfWords;
inline constexpr uint32_t kRounds = 8;
inline constexpr uint32_t kIterations = 256;  // a step
inline constexpr uint32_t kSteps = 64;
inline constexpr uint32_t kStateWords = 2 * kHalfWords;
inline constexpr uint32_t kParamWords = kRounds * kHalfWords;

// window(w) = (w & keep) | set, on whole words: FP32 has the mask in both halves.
struct Window {
  uint64_t keep;
  uint64_t set;
};
constexpr uint64_t in_both_halves(uint32_t mask) { return mask | static_cast<uint64_t>(mask) << 32; }
inline constexpr Window kWindowF64{fma::kKeepF64, fma::kSetF64};
inline constexpr Window kWindowF32{in_both_halves(fma::kKeepF32), in_both_halves(fma::kSetF32)};
inline constexpr Window kPositiveF64{fma::kKeepF64 & ~(uint64_t{1} << 63), fma::kSetF64};
inline constexpr Window kPositiveF32{in_both_halves(fma::kKeepF32 & 0x7FFFFFFF), in_both_halves(fma::kSetF32)};

// Operands of a set: u and v random; a of random sign and mantissa, exponents -8..7. The spans have kStateWords and
// kParamWords.
void operands_f64(uint32_t operand_set, std::span<uint64_t> state, std::span<uint64_t> params);
void operands_f32(uint32_t operand_set, std::span<uint64_t> state, std::span<uint64_t> params);

}  // namespace assay::probes::div
