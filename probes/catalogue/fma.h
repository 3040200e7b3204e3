// SPDX-License-Identifier: Apache-2.0
// fma.fp64.chain, fma.fp32.chain: fused multiply-add on full random mantissas, in 32 (FP64) or 64 (FP32) independent
// chains.
//
// State: u[lanes], then v[lanes], words of 64 or 32 bits. Parameters: a[8][lanes], then b[8][lanes], floating-point.
// One step is 1,024 iterations; iteration i uses rounds r = 2 i mod 8 and r + 1, and does for every lane, with round to
// nearest even (IEEE 754),
//   v = rotl(v + bits(fma(window(u), a[r], b[r])), 24)               FP32: rotl by 8
//   u = rotl(u + bits(fma(window(v), a[r + 1], b[r + 1])), 24)
// window(w) is the float that keeps sign, mantissa and the low four exponent bits of w, the other exponent bits set so
// that 2^-15 <= |window(w)| < 2. |a| and |b| lie in [2^-8, 2^8), so no result is NaN, infinite or denormal (the
// smallest non-zero one is over 2^-130 in FP64 and 2^-70 in FP32). Each half of an iteration is a bijection of (u, v),
// as in a Feistel cipher, and injective in the result of the multiply-add: a wrong bit is never forgotten. One word a
// lane would not do: in h + bits(f(h)) a flipped low bit often cancels. Output of a step: the 64 words of state (FP32:
// two lanes to a word, the first in the low half). A run has 32 steps.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace assay::probes::fma {

inline constexpr std::string_view kIdF64 = "fma.fp64.chain";
inline constexpr std::string_view kIdF32 = "fma.fp32.chain";
inline constexpr uint32_t kVersion = 2;  // 1: twice the steps, half as long
inline constexpr uint32_t kHalfWords = 32;  // of u, and of v
inline constexpr uint32_t kStateWords = 2 * kHalfWords;
inline constexpr uint32_t kLanesF64 = kHalfWords;
inline constexpr uint32_t kLanesF32 = 2 * kHalfWords;
inline constexpr uint32_t kRounds = 8;
inline constexpr uint32_t kIterations = 1024;  // a step, two multiply-adds a lane each
inline constexpr uint32_t kSteps = 32;
inline constexpr uint32_t kParamWords = 2 * kRounds * kHalfWords;

// window(w) = (w & kKeep) | kSet.
inline constexpr uint64_t kKeepF64 = 0x80FFFFFFFFFFFFFF;
inline constexpr uint64_t kSetF64 = 0x3F00000000000000;
inline constexpr uint32_t kKeepF32 = 0x87FFFFFF;
inline constexpr uint32_t kSetF32 = 0x38000000;

// Operands of a set: u and v random; a and b of random sign and mantissa, exponents -8..7. The spans have kStateWords
// and kParamWords.
void operands_f64(uint32_t operand_set, std::span<uint64_t> state, std::span<uint64_t> params);
void operands_f32(uint32_t operand_set, std::span<uint64_t> state, std::span<uint64_t> params);

}  // namespace assay::probes::fma
