// SPDX-License-Identifier: Apache-2.0
#include "common/base/random.h"

#include <bit>

#include "common/base/check.h"

namespace assay {

uint64_t split_mix64(uint64_t& state) {
  state += 0x9E3779B97F4A7C15ULL;
  uint64_t z = state;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
  return z ^ (z >> 31);
}

uint64_t seed_from(std::string_view text, uint64_t number) {
  uint64_t hash = 0xCBF29CE484222325ULL;  // FNV-1a 64-bit offset basis
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3ULL;
  uint64_t state = hash ^ (number * 0x9E3779B97F4A7C15ULL);
  split_mix64(state);
  return split_mix64(state);
}

Random::Random(uint64_t seed) : state_{} {
  for (uint64_t& word : state_) word = split_mix64(seed);
}

uint64_t Random::next() {
  const uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
  const uint64_t t = state_[1] << 17;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= t;
  state_[3] = std::rotl(state_[3], 45);
  return result;
}

uint64_t Random::below(uint64_t bound) {
  ASSAY_CHECK(bound > 0);
  __extension__ using Wide = unsigned __int128;
  const uint64_t threshold = (0 - bound) % bound;
  for (;;) {
    const Wide product = static_cast<Wide>(next()) * bound;
    if (static_cast<uint64_t>(product) >= threshold) return static_cast<uint64_t>(product >> 64);
  }
}

double Random::unit() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }

}  // namespace assay
