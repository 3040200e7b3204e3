// SPDX-License-Identifier: Apache-2.0
// chacha20.chain (probes/catalogue/chacha20.h): a lane carries the two blocks that share words; a quarter of the team that changes with the step.
#define ASSAY_PROGRAM chacha20
#define ASSAY_TEAM 32
#define ASSAY_STATE_WORDS 128
#define ASSAY_SHARE_WORDS 0
#define ASSAY_PARAM_WORDS 512
#define ASSAY_ARENA_WORDS 0
#define ASSAY_OUT_WORDS 128
#define ASSAY_STEPS 32

// Quarter round of one block (RFC 8439, 2.1).
ASSAY_FN void chacha20_quarter(assay_u32* x, assay_u32 a, assay_u32 b, assay_u32 c, assay_u32 d) {
  x[a] += x[b];
  x[d] = assay_rotl_u32(x[d] ^ x[a], 16);
  x[c] += x[d];
  x[b] = assay_rotl_u32(x[b] ^ x[c], 12);
  x[a] += x[b];
  x[d] = assay_rotl_u32(x[d] ^ x[a], 8);
  x[c] += x[d];
  x[b] = assay_rotl_u32(x[b] ^ x[c], 7);
}

ASSAY_FN void chacha20_rounds(assay_u32* x) {
  for (assay_u32 round = 0; round < 10; ++round) {
    chacha20_quarter(x, 0, 4, 8, 12);
    chacha20_quarter(x, 1, 5, 9, 13);
    chacha20_quarter(x, 2, 6, 10, 14);
    chacha20_quarter(x, 3, 7, 11, 15);
    chacha20_quarter(x, 0, 5, 10, 15);
    chacha20_quarter(x, 1, 6, 11, 12);
    chacha20_quarter(x, 2, 7, 8, 13);
    chacha20_quarter(x, 3, 4, 9, 14);
  }
}

ASSAY_FN void chacha20_step(ASSAY_LOCAL assay_u64* state, ASSAY_GLOBAL const assay_u64* params, ASSAY_GLOBAL assay_u64* out, assay_u32 me, assay_u32 step) {
  ASSAY_EACH_LANE(lane, me) {
    const assay_u32 pair = (lane + 8 * step) % 32;
    if (pair < 8) {
      assay_u32 x[16];
      assay_u32 y[16];
      for (assay_u32 k = 0; k < 16; ++k) {
        x[k] = (assay_u32)state[8 * k + pair];
        y[k] = (assay_u32)(state[8 * k + pair] >> 32);
      }
      for (assay_u32 i = 0; i < 64; ++i) {
        chacha20_rounds(x);
        chacha20_rounds(y);
        for (assay_u32 k = 0; k < 16; ++k) {
          const assay_u64 key = params[i % 4 * 128 + 8 * k + pair];
          x[k] += (assay_u32)key;
          y[k] += (assay_u32)(key >> 32);
        }
      }
      for (assay_u32 k = 0; k < 16; ++k) {
        const assay_u64 word = ((assay_u64)y[k] << 32) | x[k];
        state[8 * k + pair] = word;
        out[8 * k + pair] = word;
      }
    }
  }
}
