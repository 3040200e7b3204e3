// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/int_bytes/variants.h"
#include "probes/catalogue/int_bytes.h"

namespace assay::probes::host {
namespace {

constexpr uint32_t kWords = int_bytes::kVectorWords;
constexpr uint32_t kBytes = 8 * kWords;

inline uint64_t rotate_left(uint64_t word, uint64_t by) { return word << by | word >> (-by & 63); }
inline uint64_t rotate_right(uint64_t word, uint64_t by) { return word >> by | word << (-by & 63); }
inline uint64_t fold(uint64_t word, uint64_t with) { return rotate_left(word + with, 24); }

// Byte i of some words, and a copy of a vector by bytes. Lowest byte first.
inline uint64_t byte_at(const uint64_t* words, uint32_t i) { return words[i / 8] >> (8 * (i % 8)) & 255; }
struct Bytes {
  uint8_t at[2 * kBytes];
};
inline void load(uint8_t* to, const uint64_t* from) { __builtin_memcpy(to, from, kBytes); }
inline void store(uint64_t* to, const uint8_t* from) { __builtin_memcpy(to, from, kBytes); }

// Lines 1 to 3.
inline void pick(uint64_t* x, uint64_t* y, uint64_t& k, const uint64_t* round) {
  const uint64_t* c = round + int_bytes::kC;
  for (uint32_t w = 0; w < kWords; ++w) {
    const uint64_t s = c[w] ^ k;
    uint64_t z = 0;
    for (uint32_t b = 0; b < 64; b += 8) z |= (rotate_right(x[w], s >> b & 63) & 255) << b;
    y[w] = fold(y[w], z);
  }
  Bytes from;
  Bytes to;
  load(from.at, x);
  for (uint32_t j = 0; j < kBytes; ++j) to.at[j] = from.at[byte_at(round, j) ^ (k & 63)];
  store(x, to.at);
  uint64_t chosen = 0;
  for (uint32_t w = 0; w < kWords; ++w) {
    const uint64_t s = c[w] ^ k;
    for (uint32_t b = 0; b < 8; ++b) chosen |= (y[w] >> (s >> (8 * b) & 63) & 1) << (8 * w + b);
  }
  k = fold(k, chosen);
}

// Lines 4 and 5.
inline void funnel(const uint64_t* x, uint64_t* y, uint64_t k, const uint64_t* c) {
  for (uint32_t w = 0; w < kWords; ++w) {
    const uint64_t s = c[w] ^ k;
    y[w] = fold(y[w], x[w] << (s & 63) | c[w] >> 1 >> (63 - (s & 63)));
    uint64_t z = 0;
    for (uint32_t b = 0; b < 64; b += 16) {
      const uint64_t pair = (c[w] >> b & 0xFFFF) << 16 | (x[w] >> b & 0xFFFF);
      z |= (pair >> (s >> b & 15) & 0xFFFF) << b;
    }
    y[w] = fold(y[w], z);
  }
}

// Lines 6 to 8. Two places move on through the bytes, one for ones of a mask and one for zeros.
inline void move(uint64_t* x, uint64_t* y, uint64_t k, const uint64_t* round) {
  Bytes from;
  Bytes to;
  load(from.at, x);
  load(from.at + kBytes, y);
  const uint64_t masks[2] = {k, rotate_left(k, 17)};
  uint32_t ones[2] = {0, 0};
  for (uint32_t j = 0; j < kBytes; ++j) {
    ones[0] += static_cast<uint32_t>(masks[0] >> j & 1);
    ones[1] += static_cast<uint32_t>(masks[1] >> j & 1);
  }
  uint32_t place_in_x[2] = {ones[0], 0};
  uint32_t place_in_y[2] = {kBytes + ones[1], kBytes};
  for (uint32_t j = 0; j < kBytes; ++j) {
    to.at[place_in_x[masks[0] >> j & 1]++] = from.at[j];
    to.at[kBytes + j] = from.at[place_in_y[masks[1] >> j & 1]++];
  }
  for (uint32_t j = 0; j < 2 * kBytes; ++j) from.at[j] = to.at[byte_at(round + int_bytes::kQ, j)];
  store(x, from.at);
  store(y, from.at + kBytes);
}

// Lines 9 and 10, by sums of neighbours.
inline void count(uint64_t* x, const uint64_t* y) {
  for (uint32_t w = 0; w < kWords; ++w) {
    uint64_t ones = y[w] - (y[w] >> 1 & 0x5555555555555555);
    ones = (ones & 0x3333333333333333) + (ones >> 2 & 0x3333333333333333);
    const uint64_t of_bytes = (ones + (ones >> 4)) & 0x0F0F0F0F0F0F0F0F;
    const uint64_t of_pairs = (of_bytes + (of_bytes >> 8)) & 0x00FF00FF00FF00FF;
    x[w] = fold(fold(x[w], of_bytes), of_pairs);
  }
}

}  // namespace

void int_bytes_scalar(uint64_t* state, const uint64_t* params, uint32_t) {
  using namespace int_bytes;
  for (uint32_t i = 0; i < kIterations; ++i) {
    const uint64_t* round = params + (i % kRounds) * kRoundWords;
    for (uint32_t v = 0; v < kChains; ++v) {
      uint64_t* x = state + v * kVectorWords;
      uint64_t* y = x + kY;
      uint64_t& k = state[kK + v];
      pick(x, y, k, round);
      funnel(x, y, k, round + kC);
      move(x, y, k, round);
      count(x, y);
    }
  }
}

}  // namespace assay::probes::host
