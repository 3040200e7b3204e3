// SPDX-License-Identifier: Apache-2.0
// mask.ops (probes/catalogue/mask.h): lane l of the team has word l mod 8 of the vectors of chain l / 8. Masks are gathered through team memory and
// worked on by one lane of the chain; dwords part and join through team memory as well.
#define ASSAY_PROGRAM mask
#define ASSAY_TEAM 32
#define ASSAY_STATE_WORDS 72
#define ASSAY_SHARE_WORDS 256
#define ASSAY_PARAM_WORDS 128
#define ASSAY_ARENA_WORDS 0
#define ASSAY_OUT_WORDS 72
#define ASSAY_BLOCK_LANES_AT_MOST 256  // of CUDA: it wants 224 registers a lane, and spills with 128 or 168
#define ASSAY_STEPS 64
#define MASK_K 64
#define MASK_M 68
// Behind the state: the bits of each lane for c, d, e and p; then the dwords of x and of y, one to a word.
#define MASK_DWORDS 128

ASSAY_FN assay_u64 mask_fold(assay_u64 word, assay_u64 with) { return assay_rotl_u64(word + with, 24); }
ASSAY_FN assay_u32 mask_byte(assay_u64 word, assay_u32 at) { return (assay_u32)(word >> (8 * at)) & 0xFFu; }

// What word `at` of x and y gives to the four masks.
ASSAY_FN void mask_compare(ASSAY_LOCAL assay_u64* bits, assay_u64 x, assay_u64 y, assay_u32 at) {
  assay_u64 c = 0;
  assay_u64 d = 0;
  assay_u64 e = 0;
  for (assay_u32 j = 0; j < 8; ++j) {
    const assay_u32 a = mask_byte(x, j);
    const assay_u32 b = mask_byte(y, j);
    c |= (assay_u64)(a < b ? 1u : 0u) << j;
    d |= (assay_u64)((a & b) == 0 ? 1u : 0u) << j;
    e |= (assay_u64)(((a ^ b) & 3u) == 0 ? 1u : 0u) << j;
  }
  assay_u64 p = ((assay_u64)(x < y ? 1u : 0u) << (56 + at)) | ((assay_u64)((assay_i64)x < (assay_i64)y ? 1u : 0u) << (48 + at));
  for (assay_u32 j = 0; j < 2; ++j) {
    const assay_i32 a = (assay_i32)(assay_u32)(x >> (32 * j));
    const assay_i32 b = (assay_i32)(assay_u32)(y >> (32 * j));
    p |= (assay_u64)(a < b ? 1u : 0u) << (32 + 2 * at + j);
  }
  for (assay_u32 j = 0; j < 4; ++j) {
    const assay_i64 a = (assay_i64)(x << (48 - 16 * j)) >> 48;
    const assay_i64 b = (assay_i64)(y << (48 - 16 * j)) >> 48;
    p |= (assay_u64)(a > b ? 1u : 0u) << (4 * at + j);
  }
  bits[0] = c << (8 * at);
  bits[1] = d << (8 * at);
  bits[2] = e << (8 * at);
  bits[3] = p;
}

// Lines 1 to 4 for one chain, whose eight lanes left their bits.
ASSAY_FN void mask_combine(ASSAY_LOCAL const assay_u64* bits, ASSAY_LOCAL assay_u64* at_k, ASSAY_LOCAL assay_u64* at_m) {
  assay_u64 all[4];
  for (assay_u32 which = 0; which < 4; ++which) {
    all[which] = 0;
    for (assay_u32 word = 0; word < 8; ++word) {
      all[which] |= bits[4 * word + which];
    }
  }
  const assay_u64 c = all[0];
  const assay_u64 d = all[1];
  const assay_u64 e = all[2];
  assay_u64 k = mask_fold(*at_k, c);
  assay_u64 m = mask_fold(mask_fold(*at_m, d), e);
  k = mask_fold(k, all[3]);
  m += k & d;
  k ^= m | e;
  m = ~(m ^ k);
  k ^= ~c & m;
  m = mask_fold(m, (k << 7) ^ (k >> 9));
  const assay_u64 flags = ((k & m & 0xFFu) == 0 ? 1u : 0u) + ((~k & m & 0xFFu) == 0 ? 2u : 0u) + (((k | m) & 0xFFu) == 0 ? 4u : 0u) +
                          (((k | m) & 0xFFu) == 0xFFu ? 8u : 0u);
  *at_k = mask_fold(k, flags);
  *at_m = m;
}

// Where dword j goes when those under the ones of the low 16 bits of `bits` go first.
ASSAY_FN assay_u32 mask_place(assay_u64 bits, assay_u32 j) {
  const assay_u64 below = ((assay_u64)1 << j) - 1;
  if (((bits >> j) & 1u) != 0) {
    return ASSAY_ONES_U64(bits & below);
  }
  return ASSAY_ONES_U64(bits & 0xFFFFu) + ASSAY_ONES_U64(~bits & below);
}

// Lines 5 to 8, as far as one lane has what they need: x and y of its word, to be joined by mask_take.
ASSAY_FN void mask_give(ASSAY_LOCAL assay_u64* dwords, assay_u64 x, assay_u64 y, assay_u64 a, assay_u64 b, assay_u64 k, assay_u64 m, assay_u32 at) {
  assay_u64 sum = 0;
  assay_u64 z = 0;
  for (assay_u32 j = 0; j < 8; ++j) {
    const assay_u32 of_x = mask_byte(x, j);
    const assay_u32 now = ((k >> (8 * at + j)) & 1u) != 0 ? (of_x + mask_byte(y, j)) & 0xFFu : of_x ^ mask_byte(b, j);
    sum |= (assay_u64)now << (8 * j);
    z |= (assay_u64)(((m >> (8 * at + j)) & 1u) != 0 ? now : mask_byte(a, j)) << (8 * j);
  }
  y = mask_fold(y, z);
  for (assay_u32 j = 0; j < 2; ++j) {
    dwords[mask_place(m, 2 * at + j)] = (assay_u32)(sum >> (32 * j));
    dwords[16 + 2 * at + j] = (assay_u32)(y >> (32 * j));
  }
}

ASSAY_FN void mask_step(ASSAY_LOCAL assay_u64* state, ASSAY_GLOBAL const assay_u64* params, ASSAY_GLOBAL assay_u64* out, assay_u32 me, assay_u32 step) {
  (void)step;
  ASSAY_LOCAL assay_u64* bits = state + ASSAY_STATE_WORDS;
  ASSAY_LOCAL assay_u64* dwords = bits + MASK_DWORDS;
  for (assay_u32 i = 0; i < 64; ++i) {
    ASSAY_EACH_LANE(lane, me) {
      mask_compare(bits + 4 * lane, state[lane], state[32 + lane], lane % 8);
    }
    ASSAY_BARRIER();
    ASSAY_EACH_LANE(lane, me) {
      if (lane % 8 == i % 8) {
        mask_combine(bits + lane / 8 * 32, state + MASK_K + lane / 8, state + MASK_M + lane / 8);
      }
    }
    ASSAY_BARRIER();
    ASSAY_EACH_LANE(lane, me) {
      ASSAY_GLOBAL const assay_u64* round = params + i % 8 * 16 + lane % 8;
      mask_give(dwords + lane / 8 * 32, state[lane], state[32 + lane], round[0], round[8], state[MASK_K + lane / 8], state[MASK_M + lane / 8], lane % 8);
    }
    ASSAY_BARRIER();
    ASSAY_EACH_LANE(lane, me) {
      ASSAY_LOCAL const assay_u64* from = dwords + lane / 8 * 32;
      const assay_u64 k = state[MASK_K + lane / 8] >> 48;
      const assay_u32 at = 2 * (lane % 8);
      state[lane] = from[at] | (from[at + 1] << 32);
      state[32 + lane] = from[16 + mask_place(k, at)] | (from[16 + mask_place(k, at + 1)] << 32);
    }
  }
  ASSAY_BARRIER();
  ASSAY_EACH_LANE(lane, me) {
    for (assay_u32 word = lane; word < 72; word += 32) {
      out[word] = state[word];
    }
  }
}
#undef MASK_K
#undef MASK_M
#undef MASK_DWORDS
