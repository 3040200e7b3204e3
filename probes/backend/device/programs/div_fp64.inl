// SPDX-License-Identifier: Apache-2.0
// div.fp64.chain (probes/catalogue/div.h): sixteen chains, carried by one half of the team in even steps and by the other in odd ones.
#define ASSAY_PROGRAM div_fp64
#define ASSAY_TEAM 32
#define ASSAY_STATE_WORDS 32
#define ASSAY_SHARE_WORDS 0
#define ASSAY_PARAM_WORDS 128
#define ASSAY_ARENA_WORDS 0
#define ASSAY_OUT_WORDS 32
#define ASSAY_STEPS 64

ASSAY_FN void div_fp64_step(ASSAY_LOCAL assay_u64* state, ASSAY_GLOBAL const assay_u64* params, ASSAY_GLOBAL assay_u64* out, assay_u32 me, assay_u32 step) {
  ASSAY_EACH_LANE(lane, me) {
    const assay_u32 chain = (lane + 16 * step) % 32;
    if (chain < 16) {
      assay_u64 u = state[chain];
      assay_u64 v = state[16 + chain];
      for (assay_u32 i = 0; i < 256; ++i) {
        const double x = assay_f64_of((u & 0x80FFFFFFFFFFFFFFul) | 0x3F00000000000000ul);
        v = assay_rotl_u64(v + assay_bits_f64(assay_div_f64(assay_f64_of(params[i % 8 * 16 + chain]), x)), 24);
        const double y = assay_f64_of((v & 0x00FFFFFFFFFFFFFFul) | 0x3F00000000000000ul);
        u = assay_rotl_u64(u + assay_bits_f64(assay_sqrt_f64(y)), 24);
      }
      state[chain] = u;
      state[16 + chain] = v;
      out[chain] = u;
      out[16 + chain] = v;
    }
  }
}
