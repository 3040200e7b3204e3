// SPDX-License-Identifier: Apache-2.0
// interp.mix: a small machine of 64-bit registers, interpreted: indirect branches and jumps that depend on data.
//
// State: registers r[16], memory m[256], program counter pc. Parameters: 512 instructions, a word each, the low bit of
// the word first: op (4 bits), a (4), b (4), c (4), n (48); b and c differ from a. One step executes 8,192 instructions;
// each takes the word at pc mod 512, does what its op says, modulo 2^64, and adds 1 to pc. With M = m[(r[b] + n) mod 256]:
//    0  r[a] += r[b] + n                           8  r[a] += r[b] & r[c]
//    1  r[a] = r[b] + n - r[a]                     9  r[a] += r[b] < r[c] ? n : r[b]      (unsigned)
//    2  r[a] ^= r[b] ^ n                          10  r[a] and M change places
//    3  r[a] = r[a] (n | 1) + r[b]                11  r[a] += M
//    4  r[a] = rotl(r[a], n mod 64) ^ ~r[b]       12  M += r[a]
//    5  r[a] = rotl(r[a], r[b] mod 64) + r[c]     13  r[a] += the high half of r[b] r[c]   (128 bits)
//    6  r[a] = its bytes reversed, + n            14  r[a] = rotl(r[a], 1) + n;  pc += r[a] >> (n mod 64) mod 2
//    7  r[a] ^= r[a] >> (1 + n mod 63);           15  r[a] = rotl(r[a], 19) + n;  pc += r[a]
//       then r[a] += r[b]
// Every instruction is a bijection of registers, memory and pc along the path that is taken, so that a wrong bit stays, and
// most lead to another path. Ops 14 and 15 change r[a] themselves: a jump to itself does not go on for ever.
// Output of a step: the 273 words of state. A run has 64 steps.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace assay::probes::interp {

inline constexpr std::string_view kId = "interp.mix";
inline constexpr uint32_t kVersion = 1;
inline constexpr uint32_t kRegisters = 16;
inline constexpr uint32_t kMemoryWords = 256;
inline constexpr uint32_t kProgramWords = 512;
inline constexpr uint32_t kInstructions = 8192;  // a step
inline constexpr uint32_t kSteps = 64;
inline constexpr uint32_t kStateWords = kRegisters + kMemoryWords + 1;
inline constexpr uint32_t kParamWords = kProgramWords;

// Operands of a set: random state; random instructions, each op 32 times in random order, so that every program has all
// of them. The spans have kStateWords and kParamWords.
void operands(uint32_t operand_set, std::span<uint64_t> state, std::span<uint64_t> params);

}  // namespace assay::probes::interp
