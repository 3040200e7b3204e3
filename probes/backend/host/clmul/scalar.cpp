// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/clmul/variants.h"
#include "probes/catalogue/clmul.h"

namespace assay::probes::host {
namespace {

struct Lane {
  uint64_t word[2];
};

// Four bits of b at a time, by a table of the sixteen multiples of the low 61 bits of a; the upper three bits go one by one (Brent,
// Gaudry, Thomé, Zimmermann: "Faster multiplication in GF(2)[x]", 2008, section 2).
inline Lane multiply_words(uint64_t a, uint64_t b) {
  uint64_t multiple[16];
  multiple[0] = 0;
  multiple[1] = a & 0x1FFFFFFFFFFFFFFF;
  for (int i = 2; i < 16; i += 2) {
    multiple[i] = multiple[i / 2] << 1;
    multiple[i + 1] = multiple[i] ^ multiple[1];
  }
  uint64_t low = multiple[b >> 60];
  uint64_t high = 0;
  for (int place = 56; place >= 0; place -= 4) {
    high = high << 4 | low >> 60;
    low = low << 4 ^ multiple[b >> place & 15];
  }
  for (int place = 61; place < 64; ++place) {
    const uint64_t all_if_set = 0 - (a >> place & 1);
    low ^= b << place & all_if_set;
    high ^= b >> (64 - place) & all_if_set;
  }
  return {{low, high}};
}

struct Words {
  using Register = Lane;
  static constexpr uint32_t kLanes = 1;
  static constexpr uint32_t kTogether = 1;

  static Lane load(const uint64_t* from) { return {{from[0], from[1]}}; }
  static void store(uint64_t* to, const Lane& a) {
    to[0] = a.word[0];
    to[1] = a.word[1];
  }
  static Lane lanes(uint64_t low, uint64_t high) { return {{low, high}}; }
  template <int kWhich>
  static Lane multiply(const Lane& a, const Lane& b) { return multiply_words(a.word[kWhich & 1], b.word[kWhich >> 4]); }
  static Lane up(const Lane& a) { return {{0, a.word[0]}}; }
  static Lane down(const Lane& a) { return {{a.word[1], 0}}; }
  static Lane exclusive(const Lane& a, const Lane& b) { return {{a.word[0] ^ b.word[0], a.word[1] ^ b.word[1]}}; }
  static Lane add(const Lane& a, const Lane& b) { return {{a.word[0] + b.word[0], a.word[1] + b.word[1]}}; }
  static uint64_t rotate(uint64_t word) { return word << 24 | word >> 40; }
  static Lane fold(const Lane& a, const Lane& b) { return {{rotate(a.word[0] + b.word[0]), rotate(a.word[1] + b.word[1])}}; }
};

#include "probes/backend/host/clmul/chain.inl"

}  // namespace

void clmul_scalar(uint64_t* state, const uint64_t* params, uint32_t) { clmul_chain<Words>(state, params); }

}  // namespace assay::probes::host
