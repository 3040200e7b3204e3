// SPDX-License-Identifier: Apache-2.0
// logistic.fp64: the logistic map x -> a x (1 - x) in FP64, fused and not, in 32 independent lanes.
//
// State: u[32], then v[32]. Parameters: a[4][32], floating-point in [3.5, 4). One step is 64 iterations; iteration i
// uses round r = i mod 4 and does for every lane, each operation rounded to nearest even (IEEE 754),
//   x = window(u); 8 times:  t = a * x;  x = fma(-t, x, t);        v = rotl(v + bits(x), 24)
//   x = window(v); 8 times:  y = 1 - x;  z = x * y;  x = a * z;    u = rotl(u + bits(x), 24)
// window(w) is the float whose low 53 bits are those of w, the others set so that 1/8 <= window(w) < 1/2. Then x stays
// in [0, 1]: nothing is NaN, infinite, negative or denormal.
// The map doubles a small error in every turn or so, and forgets: x and 1 - x have one image, errors vanish near 1/2, and
// an orbit may fall into 0. So nothing that counts is kept in x: each x goes into the word of the other half as it is
// made, which is a bijection of that word and injective in x, and after 8 turns x is taken anew from what was gathered.
// A half is a bijection of (u, v) as in a Feistel cipher: a state that is wrong stays wrong. Output of a step: the 64
// words of state. A run has 32 steps.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace assay::probes::logistic {

inline constexpr std::string_view kId = "logistic.fp64";
inline constexpr uint32_t kVersion = 1;
inline constexpr uint32_t kLanes = 32;
inline constexpr uint32_t kRounds = 4;
inline constexpr uint32_t kTurns = 8;        // of the map, from one window
inline constexpr uint32_t kIterations = 64;  // a step, 2 * kTurns turns a lane each
inline constexpr uint32_t kSteps = 32;
inline constexpr uint32_t kStateWords = 2 * kLanes;
inline constexpr uint32_t kParamWords = kRounds * kLanes;

// window(w) = (w & kKeep) | kSet.
inline constexpr uint64_t kKeep = 0x001FFFFFFFFFFFFF;
inline constexpr uint64_t kSet = 0x3FC0000000000000;

// Operands of a set: u and v random; a of random mantissa. The spans have kStateWords and kParamWords.
void operands(uint32_t operand_set, std::span<uint64_t> state, std::span<uint64_t> params);

}  // namespace assay::probes::logistic
