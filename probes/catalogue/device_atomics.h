// SPDX-License-Identifier: Apache-2.0
// device.atomics: the lanes of a team change the same cells of memory at once, by every atomic operation whose result does not depend on the order in
// which they come. For accelerators; between CPUs it is cross.atomics.
//
// Cells: sixteen of each kind. Of 64 bits: sum, least, most, parity, swapped; then of 32 bits, two to a word, the first in the low half: sum, least, most,
// parity. State: the cells. Parameters: a[32]. One step is 64 operations by each of 32 lanes on a cell of each kind: operation i of lane l in step s has
//   v = mix(a[l] + (64 s + i) * 0x9E3779B97F4A7C15), c = v mod 16, modulo 2^64, mix() being the finalizer of MurmurHash3 (fmix64),
// and does, w being the high half of v,
//   sum[c] += v      least[c] = min(least[c], v)      most[c] = max(most[c], v)      parity[c] ^= v      swapped[c] += rotl(v, 32), by compare and swap
//   and the same with w on the first four kinds of 32 bits. All are without sign and modulo 2^64 or 2^32.
// Before each step every least cell has all bits set, and every most cell is 0; the others carry on. A lost or doubled operation changes a sum and, but for
// pairs, a parity. Output of a step: the 112 words of state. A run has 32 steps.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace assay::probes::device_atomics {

inline constexpr std::string_view kId = "device.atomics";
inline constexpr uint32_t kVersion = 1;
inline constexpr uint32_t kLanes = 32;
inline constexpr uint32_t kCells = 16;       // of each kind
inline constexpr uint32_t kWideKinds = 5;
inline constexpr uint32_t kNarrowKinds = 4;
inline constexpr uint32_t kOperations = 64;  // of a lane in a step, on a cell of each kind
inline constexpr uint32_t kSteps = 32;
inline constexpr uint32_t kStateWords = kCells * kWideKinds + kCells / 2 * kNarrowKinds;
inline constexpr uint32_t kParamWords = kLanes;
inline constexpr uint64_t kStride = 0x9E3779B97F4A7C15;

// Operands of a set: random words. The spans have kStateWords and kParamWords.
void operands(uint32_t operand_set, std::span<uint64_t> state, std::span<uint64_t> params);

}  // namespace assay::probes::device_atomics
