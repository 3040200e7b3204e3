// SPDX-License-Identifier: Apache-2.0
// x87.atan.chain: the transcendental instructions of the 80-bit unit of x86 (fsin, fcos, fsincos, fptan, f2xm1, fpatan,
// fyl2x, fyl2xp1), in 4 independent chains. Only x86-64 has them; elsewhere the probe is unsupported.
//
// These are approximations, and makers differ in the last bits. Intel states an error under 1 unit in the last place of
// the 64-bit mantissa to nearest (fyl2x and fyl2xp1 under 1.35 where y is not 1) once the argument is reduced (SDM vol.
// 1, 8.3.10), others aim at the same. So each result is rounded again, to 40 bits, and only that is used:
//   word(y) = sign << 63 | ((exponent field << 39) + ((mantissa - 2^63 + 2^23) >> 24))
// which carries over the edge of a power of two. The reference computes the exact value to 180 bits after the point and
// refuses an operand set (kInvalid) in which any value lies within 4 units of the last place (of 64) of a boundary of
// that rounding. On all others every unit whose error is under 4 units gives the same word: the golden is a theorem for
// it (tier T0). Reduction by the 66-bit pi of fsin and its like is out of the picture: their arguments are under 1/2.
// A result that is wrong by less than half of 2^-40 of itself may go unseen; that is the price. An emulated CPU that
// computes these functions in FP64 does not keep the margin and may fail.
//
// State: u[4], then v[4], 64-bit words. Parameters: c[8][4], then d[8][4]. One step is 16 iterations; iteration i uses
// round r = i mod 8, c = c[r], d = d[r] of the lane, and folds (fold(w, y) = rotl(w + word(y), 24)), in this order,
//   x = number(u, -5 + (c & 3), c bit 4), so |x| < 1/2: into v
//     fsin x    fcos x    fsincos x: the sine, the cosine    fptan x    f2xm1 x
//   y = number(v, -5 + (c >> 8 & 7), c bit 5), z = number(d, -3 + (c >> 12 & 7), c bit 6): into u
//     fpatan: atan2(y, z)    fyl2x: z * log2(|y|)    fyl2xp1: z * log2(1 + t)
//     with t = number(v, -6 + (c >> 16 & 3), c bit 7), |t| < 1/4
// where number(w, e, s) has the mantissa w with bit 63 set, the exponent e and the sign s. Each half is a bijection of
// (u, v) and injective in every rounded result. Output of a step: the 8 words of state. A run has 16 steps.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace assay::probes::x87_atan {

inline constexpr std::string_view kId = "x87.atan.chain";
inline constexpr uint32_t kVersion = 1;
inline constexpr uint32_t kLanes = 4;
inline constexpr uint32_t kRounds = 8;
inline constexpr uint32_t kIterations = 16;  // a step
inline constexpr uint32_t kResults = 9;      // an iteration and lane
inline constexpr uint32_t kSteps = 16;
inline constexpr uint32_t kStateWords = 2 * kLanes;
inline constexpr uint32_t kTable = kRounds * kLanes;  // words of c or d
inline constexpr uint32_t kParamWords = 2 * kTable;

inline constexpr uint64_t kLeadingBit = uint64_t{1} << 63;
inline constexpr uint32_t kBias = 16383;
inline constexpr uint32_t kDroppedBits = 24;  // of the 64-bit mantissa, by word()
inline constexpr uint32_t kMargin = 4;        // units of the last place that a value keeps from a boundary

// Where a number takes its exponent and sign from in c: least + (c >> shift & mask), bit `sign`.
struct Field {
  int least;
  uint32_t shift;
  uint32_t mask;
  uint32_t sign;
};
inline constexpr Field kX{-5, 0, 3, 4};
inline constexpr Field kY{-5, 8, 7, 5};
inline constexpr Field kZ{-3, 12, 7, 6};
inline constexpr Field kT{-6, 16, 3, 7};
// Sign and exponent as they lie above the mantissa in memory.
constexpr uint16_t sign_exponent(Field field, uint64_t c) {
  const uint64_t exponent = kBias + (c >> field.shift & field.mask) - static_cast<uint64_t>(-field.least);
  return static_cast<uint16_t>(exponent | (c >> field.sign & 1) << 15);
}

// Operands of a set, all random; drawn with the first salt, from 0 on, that the reference does not refuse: only the sets
// of a short table need one. The spans have kStateWords and kParamWords.
void operands(uint32_t operand_set, std::span<uint64_t> state, std::span<uint64_t> params);

}  // namespace assay::probes::x87_atan
