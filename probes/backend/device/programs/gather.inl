// SPDX-License-Identifier: Apache-2.0
// gather.scatter (probes/catalogue/gather.h): sixteen chains on one table in team memory, carried by one half of the team in even steps and by the
// other in odd ones. Lines 1 and 2 read from anywhere, lines 3 and 4 write to the chain's own row: a barrier is between them, and before the next turn.
#define ASSAY_PROGRAM gather
#define ASSAY_TEAM 32
#define ASSAY_STATE_WORDS 1056
#define ASSAY_SHARE_WORDS 0
#define ASSAY_PARAM_WORDS 128
#define ASSAY_ARENA_WORDS 0
#define ASSAY_OUT_WORDS 1056
#define ASSAY_STEPS 16

ASSAY_FN assay_u64 gather_fold(assay_u64 word, assay_u64 with) { return assay_rotl_u64(word + with, 24); }

ASSAY_FN void gather_step(ASSAY_LOCAL assay_u64* state, ASSAY_GLOBAL const assay_u64* params, ASSAY_GLOBAL assay_u64* out, assay_u32 me, assay_u32 step) {
  ASSAY_LOCAL assay_u64* table = state + 32;
  for (assay_u32 i = 0; i < 1024; ++i) {
    ASSAY_EACH_LANE(lane, me) {
      const assay_u32 chain = (lane + 16 * step) % 32;
      if (chain < 16) {
        const assay_u64 h = state[16 + chain];
        const assay_u64 x = gather_fold(state[chain], (h & 1u) != 0 ? table[h >> 54] : params[i % 8 * 16 + chain]);
        const assay_u32 at = (assay_u32)x & 2047u;
        state[chain] = x;
        state[16 + chain] = gather_fold(h, (table[at / 2] >> (32 * (at % 2))) & 0xFFFFFFFFu);
      }
    }
    ASSAY_BARRIER();
    ASSAY_EACH_LANE(lane, me) {
      const assay_u32 chain = (lane + 16 * step) % 32;
      if (chain < 16) {
        assay_u64 x = state[chain];
        assay_u64 h = state[16 + chain];
        ASSAY_LOCAL assay_u64* row = table + 64 * chain;
        const assay_u32 word = (assay_u32)(x >> 58);
        const assay_u64 loaded = row[word];
        h = gather_fold(h, loaded);
        row[word] = gather_fold(loaded, x);
        const assay_u32 at = (assay_u32)(h >> 57);
        const assay_u32 shift = 32 * (at % 2);
        const assay_u64 both = row[at / 2];
        const assay_u32 low = (assay_u32)(both >> shift);
        x = gather_fold(x, low);
        row[at / 2] = (both & ~((assay_u64)0xFFFFFFFFu << shift)) | ((assay_u64)assay_rotl_u32(low + (assay_u32)h, 11) << shift);
        state[chain] = x;
        state[16 + chain] = h;
      }
    }
    ASSAY_BARRIER();
  }
  ASSAY_EACH_LANE(lane, me) {
    for (assay_u32 word = lane; word < 1056; word += 32) {
      out[word] = state[word];
    }
  }
}
