// SPDX-License-Identifier: Apache-2.0
// cross.litmus: two to four CPUs race over fresh pairs of locations, and outcomes that the C++ memory model (and so the CPU under it)
// forbids are counted. Outcomes that may or may not happen are not told, for they differ from run to run.
//
// A run has 16 steps of 1,024 rounds; step n plays shape n mod 8 (Alglave, Maranget, Tautschnig, "Herding cats", TOPLAS 2014, names them).
// Round i has locations x and y, 0 at first, each in a cache line of its own, and the values v = rotl(u[i mod 8] + (1024 n + i) *
// 0x9E3779B97F4A7C15, 31) | 1 and w = v xor -2, odd both. Roles are separated by | and run through all rounds without waiting for each other:
//   0 SB, fenced     x = v; fence; a = y | y = v; fence; b = x        forbidden: a = 0 and b = 0        (relaxed, seq_cst fences)
//   1 SB, exchanged  swap v into x; a = y | y = v; b = x              forbidden: a = 0 and b = 0        (all seq_cst)
//   2 MP             x = v; y = v | a = y; b = x                      forbidden: a = v and b = 0        (y release and acquire, x relaxed)
//   3 LB             a = y; x = v | b = x; y = v                      forbidden: a = v and b = v        (acquire, release)
//   4 CoRR           x = v; x = w | a = x; b = x                      forbidden: b older than a         (relaxed)
//   5 2+2W           x = v; y = w | y = v; x = w                      forbidden: at last x = v, y = v   (seq_cst)
//   6 WRC            x = v | a = x; y = a | b = y; c = x              forbidden: b = v and c = 0        (acquire, release)
//   7 IRIW           x = v | y = v | a = x; b = y | c = y; d = x      forbidden: a = c = v, b = d = 0   (seq_cst)
// Role r is done by member (r + n) mod (number of CPUs at it, at most four; the unit is member 0, its partners follow); with fewer CPUs than
// roles some roles do not race, and 6 and 7 are weak.
// State: z[8]. After the rounds: z[i mod 8] = rotl(z[i mod 8] + l, 24) for i = 0.. in order, l being x at last, then once more with y at last
// (shape 5: v in place of x, w in place of y; shape 6: v in place of y, where those differ from run to run; shape 4: y is 0).
// Output of a step: z[8], forbidden, alien, rounds. Alien counts the values read, now or at last, that nobody wrote there. Both are 0 and
// rounds is 1,024 in every golden.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace assay::probes::litmus {

inline constexpr std::string_view kId = "cross.litmus";
inline constexpr uint32_t kVersion = 1;
inline constexpr uint32_t kRoles = 4;
inline constexpr uint32_t kRounds = 1024;  // a step
inline constexpr uint32_t kColumns = 8;    // of u and z
inline constexpr uint32_t kSteps = 16;
inline constexpr uint32_t kOutputWords = kColumns + 3;

enum class Shape : uint8_t { kSbFenced, kSbExchanged, kMp, kLb, kCoRR, k2Plus2W, kWrc, kIriw };
inline constexpr uint32_t kShapes = 8;
constexpr Shape shape_of(uint32_t step) { return static_cast<Shape>(step % kShapes); }

// Random words; kColumns each.
void operands(uint32_t operand_set, std::span<uint64_t> z, std::span<uint64_t> u);

}  // namespace assay::probes::litmus
