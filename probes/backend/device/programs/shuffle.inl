// SPDX-License-Identifier: Apache-2.0
// shuffle.perm (probes/catalogue/shuffle.h): lane l of the team has the 16 bytes l of the eight vectors, permutes them, and takes what the other two
// permutations bring it from its neighbours: through team memory, or from register to register where a dialect defines
//   ASSAY_SHUFFLE_U32(value, lane)   what lane `lane` of the warp has as `value`; all lanes call it
#define ASSAY_PROGRAM shuffle
#define ASSAY_TEAM 32
#define ASSAY_STATE_WORDS 64
#define ASSAY_SHARE_WORDS 128
#define ASSAY_PARAM_WORDS 192
#define ASSAY_ARENA_WORDS 0
#define ASSAY_OUT_WORDS 64
#define ASSAY_STEPS 64

// One word of permuted bytes: byte j is byte indices[j] of the sixteen in (high:low).
ASSAY_FN assay_u64 shuffle_bytes(assay_u64 low, assay_u64 high, assay_u64 indices) {
  assay_u64 result = 0;
  ASSAY_UNROLL
  for (assay_u32 j = 0; j < 8; ++j) {
    const assay_u32 index = (assay_u32)(indices >> (8 * j)) & 15u;
    const assay_u64 from = index < 8 ? low : high;
    result |= ((from >> (8 * (index % 8))) & 0xFFu) << (8 * j);
  }
  return result;
}

// Where the half of a word comes from: word `word` of the eight after the zip was z[word / 2] or z[4 + word / 2], and the halves of z are those of y by
// the lane indices of the round. Gives the number of a 32-bit lane of y.
ASSAY_FN assay_u32 shuffle_source(ASSAY_GLOBAL const assay_u64* round, assay_u32 word, assay_u32 part) {
  const assay_u32 z = word / 2 + word % 2 * 4;
  const assay_u32 j = 2 * z + part;
  const assay_u32 index = (assay_u32)(round[8 + j / 2] >> (32 * (j % 2))) & 7u;
  return j / 8 * 8 + index;
}

#if defined(ASSAY_SHUFFLE_U32)
// Of the four 32-bit lanes that each lane of the warp has as `low` and `high`, lane `source` of this vector's sixteen.
ASSAY_FN assay_u32 shuffle_fetch(assay_u64 low, assay_u64 high, assay_u32 first, assay_u32 source) {
  const assay_u32 from = first + source / 4;
  const assay_u32 a = ASSAY_SHUFFLE_U32((assay_u32)low, from);
  const assay_u32 b = ASSAY_SHUFFLE_U32((assay_u32)(low >> 32), from);
  const assay_u32 c = ASSAY_SHUFFLE_U32((assay_u32)high, from);
  const assay_u32 d = ASSAY_SHUFFLE_U32((assay_u32)(high >> 32), from);
  return source % 4 < 2 ? (source % 2 == 0 ? a : b) : (source % 2 == 0 ? c : d);
}

ASSAY_FN void shuffle_step(ASSAY_LOCAL assay_u64* state, ASSAY_GLOBAL const assay_u64* params, ASSAY_GLOBAL assay_u64* out, assay_u32 me, assay_u32 step) {
  (void)step;
  assay_u64 x[2];
  x[0] = state[2 * me];
  x[1] = state[2 * me + 1];
  for (assay_u32 i = 0; i < 512; ++i) {
    ASSAY_GLOBAL const assay_u64* round = params + i % 8 * 24;
    const assay_u32 block = me % 4;
    const assay_u64 low = shuffle_bytes(x[0], x[1], round[2 * block]);
    const assay_u64 high = shuffle_bytes(x[0], x[1], round[2 * block + 1]);
    ASSAY_UNROLL
    for (assay_u32 k = 0; k < 2; ++k) {
      const assay_u32 word = 2 * block + k;
      const assay_u32 lower = shuffle_fetch(low, high, me - block, shuffle_source(round, word, 0));
      const assay_u32 upper = shuffle_fetch(low, high, me - block, shuffle_source(round, word, 1));
      x[k] = (((assay_u64)upper << 32) | lower) + round[16 + word];
    }
  }
  for (assay_u32 k = 0; k < 2; ++k) {
    state[2 * me + k] = x[k];
    out[2 * me + k] = x[k];
  }
}
#else
ASSAY_FN void shuffle_step(ASSAY_LOCAL assay_u64* state, ASSAY_GLOBAL const assay_u64* params, ASSAY_GLOBAL assay_u64* out, assay_u32 me, assay_u32 step) {
  (void)step;
  for (assay_u32 i = 0; i < 512; ++i) {
    ASSAY_GLOBAL const assay_u64* round = params + i % 8 * 24;
    // Two halves in turn: what a slow lane still reads of the last iteration is not written in this one.
    ASSAY_LOCAL assay_u64* y = state + ASSAY_STATE_WORDS + i % 2 * 64;
    ASSAY_EACH_LANE(lane, me) {
      const assay_u32 block = lane % 4;
      y[2 * lane] = shuffle_bytes(state[2 * lane], state[2 * lane + 1], round[2 * block]);
      y[2 * lane + 1] = shuffle_bytes(state[2 * lane], state[2 * lane + 1], round[2 * block + 1]);
    }
    ASSAY_BARRIER();
    ASSAY_EACH_LANE(lane, me) {
      ASSAY_LOCAL const assay_u64* vector = y + lane / 4 * 8;
      for (assay_u32 k = 0; k < 2; ++k) {
        const assay_u32 word = 2 * (lane % 4) + k;
        const assay_u32 lower = shuffle_source(round, word, 0);
        const assay_u32 upper = shuffle_source(round, word, 1);
        const assay_u64 low_half = (vector[lower / 2] >> (32 * (lower % 2))) & 0xFFFFFFFFu;
        const assay_u64 high_half = vector[upper / 2] >> (32 * (upper % 2)) << 32;
        state[2 * lane + k] = (low_half | high_half) + round[16 + word];
      }
    }
  }
  ASSAY_EACH_LANE(lane, me) {
    out[2 * lane] = state[2 * lane];
    out[2 * lane + 1] = state[2 * lane + 1];
  }
}
#endif
