// SPDX-License-Identifier: Apache-2.0
// l2.read, copy.h2d, copy.d2h, copy.p2p, dsmem.exchange, atomic.mix: random words on their way. Only accelerators have these ways.
//
// l2.read, copy.h2d and dsmem.exchange: 512 KiB on their way to the lanes that take them in. What is computed is the same, what differs is how the
// words get there:
//   l2.read          loads past the first-level cache, by every unit from every slice of the shared one
//   copy.h2d         the copy engine, from the host's memory over the bus
//   dsmem.exchange   stores into the shared memory of another unit of the cluster, and loads back from there
// State: 64 words h. Parameters: 65,536 words w. Step t takes the block of words 4,096 t .. 4,096 t + 4,095: for r = 0 .. 63 in order, for each j,
//   h[j] = rotl((h[j] ^ w[4096 t + 64 r + j]) * 0x9E3779B97F4A7C15 + 0xD1B54A32D192ED03, 29)
// A bijection of h for each w, and injective in w: a wrong word is never forgotten, and none can hide another by itself.
// Output of a step: h. A run has 16 steps.
//
// copy.d2h and copy.p2p: 128 KiB that are born on the device, on their way from there. Both have the same operands, so that the same words go either way:
//   copy.d2h         the copy engine, over the bus to the host's memory, where they are digested
//   copy.p2p         the copy engine, into the memory of another device, and from there to the host's
// State: 64 words h. Step t, for r = 0 .. 15 in order, for each j:
//   h[j] = rotl((h[j] ^ (1024 t + 64 r + j)) * 0x9E3779B97F4A7C15 + 0xD1B54A32D192ED03, 29), and word 64 r + j of the output is h[j]
// A run has 16 steps. Its outputs are what has arrived.
//
// atomic.mix: state, of 16 cells each: sum, parity, least, greatest. For each word w of the block, at position i in it, in any order, by atomic
// operations on memory that all units share, with k = (i + (w >> 60)) mod 16:
//   sum[k] += w (modulo 2^64)     parity[k] ^= rotl(w, i mod 64)     least[k] = min(least[k], w)     greatest[k] = max(greatest[k], w)
// Output of a step: the 64 words of state. Steps and parameters as above. All four are the same in any order, so the result is exact.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace assay::probes::paths {

inline constexpr std::string_view kIdL2Read = "l2.read";
inline constexpr std::string_view kIdCopyToDevice = "copy.h2d";
inline constexpr std::string_view kIdCopyToHost = "copy.d2h";
inline constexpr std::string_view kIdCopyToPeer = "copy.p2p";
inline constexpr std::string_view kIdExchange = "dsmem.exchange";
inline constexpr std::string_view kIdAtomicMix = "atomic.mix";
inline constexpr uint32_t kVersion = 1;
inline constexpr uint32_t kStateWords = 64;
inline constexpr uint32_t kCells = 16;
inline constexpr uint32_t kBlockWords = 4096;
inline constexpr uint32_t kSteps = 16;
inline constexpr uint32_t kParamWords = kBlockWords * kSteps;
inline constexpr uint32_t kSentWords = 1024;  // of a step of copy.d2h and copy.p2p
inline constexpr uint64_t kMultiplier = 0x9E3779B97F4A7C15;
inline constexpr uint64_t kAdded = 0xD1B54A32D192ED03;
inline constexpr int kRotation = 29;

// Operands of a set: state and parameters random; least and greatest of atomic.mix begin at 2^64 - 1 and 0. The spans have kStateWords and kParamWords;
// of copy.d2h, and of copy.p2p which takes the same, there are no parameters.
void operands_l2_read(uint32_t operand_set, std::span<uint64_t> state, std::span<uint64_t> params);
void operands_copy_to_device(uint32_t operand_set, std::span<uint64_t> state, std::span<uint64_t> params);
void operands_copy_to_host(uint32_t operand_set, std::span<uint64_t> state, std::span<uint64_t> params);
void operands_exchange(uint32_t operand_set, std::span<uint64_t> state, std::span<uint64_t> params);
void operands_atomic_mix(uint32_t operand_set, std::span<uint64_t> state, std::span<uint64_t> params);

}  // namespace assay::probes::paths
