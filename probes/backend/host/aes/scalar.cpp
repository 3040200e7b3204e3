// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/aes/variants.h"
#include "probes/catalogue/aes.h"

namespace assay::probes::host {
namespace {

// The S-box, walked along the powers of the generator 3 of GF(2^8), and the first of the four round tables: column (2s,
// s, s, 3s), low byte first; the others are its rotations. Not constant-time: there is no secret here.
struct Tables {
  uint8_t box[256];
  uint32_t round[256];
};

constexpr uint8_t rotate8(uint8_t x, int by) {
  return static_cast<uint8_t>(x << by | x >> (8 - by));
}

constexpr Tables make_tables() {
  Tables tables{};
  uint8_t p = 1;
  uint8_t q = 1;
  do {
    p = static_cast<uint8_t>(p ^ p << 1 ^ ((p & 0x80) != 0 ? 0x1B : 0));  // times 3
    q = static_cast<uint8_t>(q ^ q << 1);                                 // divided by 3
    q = static_cast<uint8_t>(q ^ q << 2);
    q = static_cast<uint8_t>(q ^ q << 4);
    if ((q & 0x80) != 0) q ^= 0x09;
    tables.box[p] = static_cast<uint8_t>(q ^ rotate8(q, 1) ^ rotate8(q, 2) ^ rotate8(q, 3) ^ rotate8(q, 4) ^ 0x63);
  } while (p != 1);
  tables.box[0] = 0x63;
  for (int i = 0; i < 256; ++i) {
    const uint32_t s = tables.box[i];
    const uint32_t twice = (s << 1 ^ ((s & 0x80) != 0 ? 0x11BU : 0U)) & 0xFF;
    tables.round[i] = twice | s << 8 | s << 16 | (s ^ twice) << 24;
  }
  return tables;
}
constexpr Tables kTables = make_tables();

inline uint32_t rotate_left(uint32_t x, int by) {
  return x << by | x >> (32 - by);
}
inline uint32_t byte_of(uint32_t x, int index) {
  return x >> (8 * index) & 0xFF;
}

inline uint32_t substitute(uint32_t a, uint32_t b, uint32_t c, uint32_t d) {
  return static_cast<uint32_t>(kTables.box[byte_of(a, 0)]) | static_cast<uint32_t>(kTables.box[byte_of(b, 1)]) << 8 |
         static_cast<uint32_t>(kTables.box[byte_of(c, 2)]) << 16 |
         static_cast<uint32_t>(kTables.box[byte_of(d, 3)]) << 24;
}

void expand(const uint64_t* key, uint32_t* round_keys) {
  for (int i = 0; i < 4; ++i) round_keys[i] = static_cast<uint32_t>(key[i / 2] >> (32 * (i % 2)));
  uint32_t constant = 1;
  for (int i = 4; i < 44; ++i) {
    uint32_t word = round_keys[i - 1];
    if (i % 4 == 0) {
      word = rotate_left(word, 24);
      word = substitute(word, word, word, word) ^ constant;
      constant = (constant << 1 ^ ((constant & 0x80) != 0 ? 0x11BU : 0U)) & 0xFF;
    }
    round_keys[i] = round_keys[i - 4] ^ word;
  }
}

inline uint32_t mixed(uint32_t a, uint32_t b, uint32_t c, uint32_t d) {
  return kTables.round[byte_of(a, 0)] ^ rotate_left(kTables.round[byte_of(b, 1)], 8) ^
         rotate_left(kTables.round[byte_of(c, 2)], 16) ^ rotate_left(kTables.round[byte_of(d, 3)], 24);
}

void encrypt(const uint32_t* keys, uint64_t* block) {
  uint32_t a = static_cast<uint32_t>(block[0]) ^ keys[0];
  uint32_t b = static_cast<uint32_t>(block[0] >> 32) ^ keys[1];
  uint32_t c = static_cast<uint32_t>(block[1]) ^ keys[2];
  uint32_t d = static_cast<uint32_t>(block[1] >> 32) ^ keys[3];
  for (int round = 1; round < 10; ++round) {
    keys += 4;
    const uint32_t next_a = mixed(a, b, c, d) ^ keys[0];
    const uint32_t next_b = mixed(b, c, d, a) ^ keys[1];
    const uint32_t next_c = mixed(c, d, a, b) ^ keys[2];
    d = mixed(d, a, b, c) ^ keys[3];
    a = next_a;
    b = next_b;
    c = next_c;
  }
  keys += 4;
  block[0] = (substitute(a, b, c, d) ^ keys[0]) | static_cast<uint64_t>(substitute(b, c, d, a) ^ keys[1]) << 32;
  block[1] = (substitute(c, d, a, b) ^ keys[2]) | static_cast<uint64_t>(substitute(d, a, b, c) ^ keys[3]) << 32;
}

}  // namespace

void aes_scalar(uint64_t* state, const uint64_t* params, uint32_t step) {
  uint32_t keys[44];
  expand(params + 2 * (step % aes::kKeys), keys);
  for (uint32_t block = 0; block < aes::kBlocks; ++block) {
    for (uint32_t i = 0; i < aes::kIterations; ++i) encrypt(keys, state + 2 * block);
  }
}

}  // namespace assay::probes::host
