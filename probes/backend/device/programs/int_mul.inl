// SPDX-License-Identifier: Apache-2.0
// int.mul.chain (probes/catalogue/int_mul.h): sixteen chains, carried by one half of the team in even steps and by the other in odd ones.
#define ASSAY_PROGRAM int_mul
#define ASSAY_TEAM 32
#define ASSAY_STATE_WORDS 32
#define ASSAY_SHARE_WORDS 0
#define ASSAY_PARAM_WORDS 256
#define ASSAY_ARENA_WORDS 0
#define ASSAY_OUT_WORDS 32
#define ASSAY_STEPS 64

ASSAY_FN void int_mul_step(ASSAY_LOCAL assay_u64* state, ASSAY_GLOBAL const assay_u64* params, ASSAY_GLOBAL assay_u64* out, assay_u32 me, assay_u32 step) {
  ASSAY_EACH_LANE(lane, me) {
    const assay_u32 chain = (lane + 16 * step) % 32;
    if (chain < 16) {
      assay_u64 x = state[chain];
      assay_u64 h = state[16 + chain];
      for (assay_u32 i = 0; i < 1024; ++i) {
        const assay_u64 a = params[i % 8 * 16 + chain];
        x = (assay_rotl_u64(x * a, 29) ^ assay_mulhi_u64(x, a)) + params[128 + i % 8 * 16 + chain];
        h = assay_rotl_u64(h + x, 24);
      }
      state[chain] = x;
      state[16 + chain] = h;
      out[chain] = x;
      out[16 + chain] = h;
    }
  }
}
