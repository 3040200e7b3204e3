// SPDX-License-Identifier: Apache-2.0
// x87.arith.chain: the 80-bit unit of x86 (extended precision, 64-bit mantissas), in 8 independent chains. Only x86-64
// has it; elsewhere the probe is unsupported. x87.atan.chain, of the same family, is defined in x87_atan.h.
//
// Numbers are a mantissa word m (bit 63 is the explicit leading bit) and a word whose low 16 bits are sign and exponent
// (bias 16383) as in memory. State: um[8], ue[8], vm[8], ve[8], 64-bit words. Parameters: am[8][8], ae[8][8], then
// bm[8][8], be[8][8] ([round][lane]). One step is 128 iterations; iteration i uses round r = i mod 8 and does for every
// lane, in extended precision, round to nearest even:
//   x = window(u); in this order, each result y is folded into v:
//     x + a    x * a    a / x    fprem(x * 2^k(ue), b)     k(e) = bits 8..12 of e, 0..31
//   x = window(v); in this order, each is folded into u:
//     x - b    sqrt(|x|)    x * 2^k(ve) and then that rounded to an integer    fprem1(x * 2^k(ve), a)
// fold(w, y): wm = rotl(wm + m(y), 24), we = rotl(we + (sign and exponent of y), 24). window(w) has the mantissa wm with
// bit 63 set, the sign that is bit 15 of we, and the exponent (we & 15) - 8. |a| and |b| lie in [2^-8, 2^8). fprem is
// the remainder with the quotient rounded to zero, fprem1 to nearest even (IEEE 754): exact, and complete in one
// execution as the exponents differ by less than 64 (Intel SDM vol. 2, FPREM). Exponents stay within +-80: nothing is
// NaN, infinite or denormal. A zero has mantissa and exponent 0 and the sign of IEEE 754. All of this is defined bit by
// bit by IEEE 754, so makers do not differ. Each half of an iteration is a bijection of (u, v) and injective in every
// result. Output of a step: the 32 words of state. A run has 16 steps.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace assay::probes::x87 {

inline constexpr std::string_view kIdArith = "x87.arith.chain";
inline constexpr uint32_t kVersion = 1;
inline constexpr uint32_t kLanes = 8;
inline constexpr uint32_t kRounds = 8;
inline constexpr uint32_t kIterations = 128;  // a step
inline constexpr uint32_t kOperations = 9;    // an iteration and lane
inline constexpr uint32_t kSteps = 16;
inline constexpr uint32_t kStateWords = 4 * kLanes;
inline constexpr uint32_t kTable = kRounds * kLanes;  // words of am, ae, bm or be
inline constexpr uint32_t kParamWords = 4 * kTable;

inline constexpr uint64_t kLeadingBit = uint64_t{1} << 63;
inline constexpr uint16_t kSignBit = 0x8000;
inline constexpr uint16_t kWindowExponent = 16383 - 8;  // of window(), plus the low four bits of we

// Operands of a set: u and v random; a and b of random sign and mantissa, exponents -8..7. The spans have kStateWords
// and kParamWords.
void operands(uint32_t operand_set, std::span<uint64_t> state, std::span<uint64_t> params);

}  // namespace assay::probes::x87
