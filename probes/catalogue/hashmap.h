// SPDX-License-Identifier: Apache-2.0
// hashmap.mix: insertions, look-ups and erasures in a map, each of them chosen by what the one before found.
//
// The map takes 64-bit keys to 64-bit values. Parameters: K[4096], the keys, distinct and not 0; then ops[512]. At first
// the keys 0..3071 are there, key i with value rotl(K[i], 17); cursor and digest are random words. A step is 4,096
// operations; operation i does, modulo 2^64,
//   w = ops[i mod 512] + cursor;  k = K[w >> 32 mod 4096]
//   found = the value of k, or ~k where k is absent
//   w mod 8 = 0, 1, 2: the value of k becomes rotl(w, 23) ^ found, absent or not;  3..6: nothing;  7: k is erased
//   cursor = rotl(cursor + found, 24);  digest = rotl(digest + rotl(found, 32), 40)
// Three keys in four are there on average. Both words are bijections of themselves and injective in what was found; the
// first leads the way, the second does not. Output of a step: for i = 0..4095 the value of K[i] or ~K[i] where it is
// absent, so that nothing wrong in the map stays hidden, then cursor and digest. A run has 32 steps.
// What a map is made of is no part of the definition; kernels use open addressing, so that the places of keys, the runs
// that are walked and the moves on erasure are those of pointer-like indices into 64 KiB.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace assay::probes::hashmap {

inline constexpr std::string_view kId = "hashmap.mix";
inline constexpr uint32_t kVersion = 1;
inline constexpr uint32_t kKeys = 4096;
inline constexpr uint32_t kPresentAtFirst = 3072;
inline constexpr uint32_t kOps = 512;
inline constexpr uint32_t kOperations = 4096;  // a step
inline constexpr uint32_t kSteps = 32;
inline constexpr uint32_t kParamWords = kKeys + kOps;
inline constexpr uint32_t kOutputWords = kKeys + 2;

struct Walk {
  uint64_t cursor = 0;
  uint64_t digest = 0;
};

// Operands of a set: params gets K (random, the low 12 bits of a key tell its index) and ops (random); its size is
// kParamWords. Returns the first cursor and digest.
Walk operands(uint32_t operand_set, std::span<uint64_t> params);

}  // namespace assay::probes::hashmap
