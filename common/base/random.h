// SPDX-License-Identifier: Apache-2.0
// Seeded pseudo-random numbers whose bits are part of the product: operand sets, and so the goldens, derive from them.
// Never change a result of this file; add a new generator beside it. For secrets use common/crypto.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace assay {

// SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators", OOPSLA 2014): a bijection of the
// state, used to spread seeds.
uint64_t split_mix64(uint64_t& state);

// A 64-bit seed from a text and a number, equal on every platform (FNV-1a over the text, then SplitMix64).
uint64_t seed_from(std::string_view text, uint64_t number);

// xoshiro256** 1.0 (Blackman, Vigna: "Scrambled linear pseudorandom number generators", 2018). Not thread-safe.
class Random {
 public:
  explicit Random(uint64_t seed);
  uint64_t next();
  // Uniform in [0, bound) by Lemire's multiply-and-reject; bound > 0.
  uint64_t below(uint64_t bound);
  // Uniform in [0, 1), 53 bits.
  double unit();
  bool chance(double probability) { return unit() < probability; }

 private:
  std::array<uint64_t, 4> state_;
};

}  // namespace assay
