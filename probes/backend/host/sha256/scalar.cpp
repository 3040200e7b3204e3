// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/sha256/variants.h"
#include "probes/catalogue/sha256.h"

namespace assay::probes::host {
namespace {

#include "probes/backend/host/sha256/constants.inl"

inline uint32_t rotate_right(uint32_t x, int by) {
  return x >> by | x << (32 - by);
}

// One round; the caller renames the registers instead of moving them.
inline void round(uint32_t a, uint32_t b, uint32_t c, uint32_t& d, uint32_t e, uint32_t f, uint32_t g, uint32_t& h,
                  uint32_t in) {
  const uint32_t t1 =
      h + (rotate_right(e, 6) ^ rotate_right(e, 11) ^ rotate_right(e, 25)) + (g ^ (e & (f ^ g))) + in;
  d += t1;
  h = t1 + (rotate_right(a, 2) ^ rotate_right(a, 13) ^ rotate_right(a, 22)) + ((a & b) | (c & (a | b)));
}

// The schedule of the next 16 rounds, in a ring of 16 words.
inline uint32_t next_word(uint32_t* w, int t) {
  const uint32_t x = w[(t + 1) & 15];
  const uint32_t y = w[(t + 14) & 15];
  w[t & 15] += w[(t + 9) & 15] + (rotate_right(x, 7) ^ rotate_right(x, 18) ^ x >> 3) +
               (rotate_right(y, 17) ^ rotate_right(y, 19) ^ y >> 10);
  return w[t & 15];
}

inline void split(const uint64_t* words, uint32_t* halves) {
  for (int k = 0; k < 4; ++k) {
    halves[2 * k] = static_cast<uint32_t>(words[k]);
    halves[2 * k + 1] = static_cast<uint32_t>(words[k] >> 32);
  }
}

void compress(uint64_t* chain, const uint64_t* data) {
  uint32_t w[16];
  split(chain, w);
  split(data, w + 8);
  uint32_t s[8];
  for (int j = 0; j < 8; ++j) s[j] = w[j];
  for (int t = 0; t < 64; t += 8) {
    const auto in = [&](int j) { return kRoundConstants[t + j] + (t < 16 ? w[t + j] : next_word(w, t + j)); };
    round(s[0], s[1], s[2], s[3], s[4], s[5], s[6], s[7], in(0));
    round(s[7], s[0], s[1], s[2], s[3], s[4], s[5], s[6], in(1));
    round(s[6], s[7], s[0], s[1], s[2], s[3], s[4], s[5], in(2));
    round(s[5], s[6], s[7], s[0], s[1], s[2], s[3], s[4], in(3));
    round(s[4], s[5], s[6], s[7], s[0], s[1], s[2], s[3], in(4));
    round(s[3], s[4], s[5], s[6], s[7], s[0], s[1], s[2], in(5));
    round(s[2], s[3], s[4], s[5], s[6], s[7], s[0], s[1], in(6));
    round(s[1], s[2], s[3], s[4], s[5], s[6], s[7], s[0], in(7));
  }
  for (int k = 0; k < 4; ++k) {
    const uint32_t low = static_cast<uint32_t>(chain[k]) + s[2 * k];
    const uint32_t high = static_cast<uint32_t>(chain[k] >> 32) + s[2 * k + 1];
    chain[k] = low | static_cast<uint64_t>(high) << 32;
  }
}

}  // namespace

void sha256_scalar(uint64_t* state, const uint64_t* params, uint32_t) {
  using namespace sha256;
  for (uint32_t i = 0; i < kIterations; ++i) {
    for (uint32_t chain = 0; chain < kChains; ++chain)
      compress(state + chain * kChainWords, params + (i + chain) % kMessages * kChainWords);
  }
}

}  // namespace assay::probes::host
