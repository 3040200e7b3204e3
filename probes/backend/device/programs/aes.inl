// SPDX-License-Identifier: Apache-2.0
// aes.chain (probes/catalogue/aes.h): sixteen blocks, carried by one half of the team in even steps and by the other in odd ones. Accelerators have no
// AES instruction: a table in team memory, made anew in each step, has the S-box and the column of MixColumns for each byte.
#define ASSAY_PROGRAM aes
#define ASSAY_TEAM 32
#define ASSAY_STATE_WORDS 32
#define ASSAY_SHARE_WORDS 300
#define ASSAY_PARAM_WORDS 8
#define ASSAY_ARENA_WORDS 0
#define ASSAY_OUT_WORDS 32
#define ASSAY_STEPS 32
#define AES_ROUND_KEYS 256  // where the 44 words of the round keys are behind the table

ASSAY_FN assay_u32 aes_twice(assay_u32 x) { return ((x << 1) ^ ((0 - (x >> 7)) & 0x1Bu)) & 0xFFu; }

ASSAY_FN assay_u32 aes_multiply(assay_u32 x, assay_u32 y) {
  assay_u32 result = 0;
  for (assay_u32 bit = 0; bit < 8; ++bit) {
    result ^= (0 - ((y >> bit) & 1u)) & x;
    x = aes_twice(x);
  }
  return result;
}

// FIPS 197, 5.1.1: the inverse in GF(2^8), that is the 254th power, and an affine map.
ASSAY_FN assay_u32 aes_box(assay_u32 x) {
  assay_u32 power = x;
  for (assay_u32 i = 0; i < 6; ++i) {
    power = aes_multiply(aes_multiply(power, power), x);  // x^(2^(i + 2) - 1)
  }
  const assay_u32 inverse = aes_multiply(power, power);
  const assay_u32 doubled = inverse | (inverse << 8);
  return ((doubled ^ (doubled >> 4) ^ (doubled >> 5) ^ (doubled >> 6) ^ (doubled >> 7)) & 0xFFu) ^ 0x63u;
}

ASSAY_FN assay_u32 aes_byte(assay_u32 word, assay_u32 at) { return (word >> (8 * at)) & 0xFFu; }

// The four bytes a0, b1, c2, d3 through the S-box.
ASSAY_FN assay_u32 aes_substitute(ASSAY_LOCAL const assay_u64* table, assay_u32 a, assay_u32 b, assay_u32 c, assay_u32 d) {
  return (assay_u32)(table[aes_byte(a, 0)] >> 32) | ((assay_u32)(table[aes_byte(b, 1)] >> 32) << 8) |
         ((assay_u32)(table[aes_byte(c, 2)] >> 32) << 16) | ((assay_u32)(table[aes_byte(d, 3)] >> 32) << 24);
}

// One column of a round: SubBytes, ShiftRows and MixColumns.
ASSAY_FN assay_u32 aes_column(ASSAY_LOCAL const assay_u64* table, assay_u32 a, assay_u32 b, assay_u32 c, assay_u32 d) {
  return (assay_u32)table[aes_byte(a, 0)] ^ assay_rotl_u32((assay_u32)table[aes_byte(b, 1)], 8) ^
         assay_rotl_u32((assay_u32)table[aes_byte(c, 2)], 16) ^ assay_rotl_u32((assay_u32)table[aes_byte(d, 3)], 24);
}

// FIPS 197, 5.2, for the 44 words of AES-128.
ASSAY_FN void aes_expand(ASSAY_LOCAL assay_u64* table, ASSAY_GLOBAL const assay_u64* key) {
  ASSAY_LOCAL assay_u64* keys = table + AES_ROUND_KEYS;
  assay_u32 constant_of_round = 1;
  for (assay_u32 i = 0; i < 4; ++i) {
    keys[i] = (assay_u32)(key[i / 2] >> (32 * (i % 2)));
  }
  for (assay_u32 i = 4; i < 44; ++i) {
    assay_u32 word = (assay_u32)keys[i - 1];
    if (i % 4 == 0) {
      word = assay_rotl_u32(word, 24);
      word = aes_substitute(table, word, word, word, word) ^ constant_of_round;
      constant_of_round = aes_twice(constant_of_round);
    }
    keys[i] = (assay_u32)keys[i - 4] ^ word;
  }
}

ASSAY_FN void aes_encrypt(ASSAY_LOCAL const assay_u64* table, assay_u32* s) {
  ASSAY_LOCAL const assay_u64* keys = table + AES_ROUND_KEYS;
  for (assay_u32 k = 0; k < 4; ++k) {
    s[k] ^= (assay_u32)keys[k];
  }
  for (assay_u32 round = 1; round <= 10; ++round) {
    assay_u32 t[4];
    for (assay_u32 k = 0; k < 4; ++k) {
      const assay_u32 b = s[(k + 1) % 4];
      const assay_u32 c = s[(k + 2) % 4];
      const assay_u32 d = s[(k + 3) % 4];
      t[k] = (round < 10 ? aes_column(table, s[k], b, c, d) : aes_substitute(table, s[k], b, c, d)) ^ (assay_u32)keys[4 * round + k];
    }
    for (assay_u32 k = 0; k < 4; ++k) {
      s[k] = t[k];
    }
  }
}

ASSAY_FN void aes_step(ASSAY_LOCAL assay_u64* state, ASSAY_GLOBAL const assay_u64* params, ASSAY_GLOBAL assay_u64* out, assay_u32 me, assay_u32 step) {
  ASSAY_LOCAL assay_u64* table = state + ASSAY_STATE_WORDS;
  ASSAY_EACH_LANE(lane, me) {
    for (assay_u32 byte = lane; byte < 256; byte += 32) {
      const assay_u32 s = aes_box(byte);
      const assay_u32 column = aes_twice(s) | (s << 8) | (s << 16) | ((s ^ aes_twice(s)) << 24);
      table[byte] = ((assay_u64)s << 32) | column;
    }
  }
  ASSAY_BARRIER();
  ASSAY_EACH_LANE(lane, me) {
    if (lane == step % 32) {
      aes_expand(table, params + step % 4 * 2);
    }
  }
  ASSAY_BARRIER();
  ASSAY_EACH_LANE(lane, me) {
    const assay_u32 block = (lane + 16 * step) % 32;
    if (block < 16) {
      assay_u32 s[4];
      for (assay_u32 k = 0; k < 4; ++k) {
        s[k] = (assay_u32)(state[2 * block + k / 2] >> (32 * (k % 2)));
      }
      for (assay_u32 i = 0; i < 256; ++i) {
        aes_encrypt(table, s);
      }
      for (assay_u32 k = 0; k < 2; ++k) {
        const assay_u64 word = ((assay_u64)s[2 * k + 1] << 32) | s[2 * k];
        state[2 * block + k] = word;
        out[2 * block + k] = word;
      }
    }
  }
}
#undef AES_ROUND_KEYS
