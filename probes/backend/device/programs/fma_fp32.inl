// SPDX-License-Identifier: Apache-2.0
// fma.fp32.chain (probes/catalogue/fma.h): lane l of the team carries the two chains of word l.
#define ASSAY_PROGRAM fma_fp32
#define ASSAY_TEAM 32
#define ASSAY_STATE_WORDS 64
#define ASSAY_SHARE_WORDS 0
#define ASSAY_PARAM_WORDS 512
#define ASSAY_ARENA_WORDS 0
#define ASSAY_OUT_WORDS 64
#define ASSAY_STEPS 32

ASSAY_FN assay_u32 fma_fp32_take_in_half(assay_u32 to, assay_u32 from, assay_u32 a, assay_u32 b) {
  const float x = assay_f32_of((from & 0x87FFFFFFu) | 0x38000000u);
  return assay_rotl_u32(to + assay_bits_f32(assay_fma_f32(x, assay_f32_of(a), assay_f32_of(b))), 8);
}

ASSAY_FN assay_u64 fma_fp32_take_in(assay_u64 to, assay_u64 from, assay_u64 a, assay_u64 b) {
  const assay_u32 low = fma_fp32_take_in_half((assay_u32)to, (assay_u32)from, (assay_u32)a, (assay_u32)b);
  const assay_u32 high = fma_fp32_take_in_half((assay_u32)(to >> 32), (assay_u32)(from >> 32), (assay_u32)(a >> 32), (assay_u32)(b >> 32));
  return ((assay_u64)high << 32) | low;
}

ASSAY_FN void fma_fp32_step(ASSAY_LOCAL assay_u64* state, ASSAY_GLOBAL const assay_u64* params, ASSAY_GLOBAL assay_u64* out, assay_u32 me, assay_u32 step) {
  (void)step;
  ASSAY_EACH_LANE(lane, me) {
    assay_u64 u = state[lane];
    assay_u64 v = state[32 + lane];
    for (assay_u32 i = 0; i < 1024; ++i) {
      const assay_u32 r = (2 * i) % 8;
      v = fma_fp32_take_in(v, u, params[r * 32 + lane], params[256 + r * 32 + lane]);
      u = fma_fp32_take_in(u, v, params[(r + 1) * 32 + lane], params[256 + (r + 1) * 32 + lane]);
    }
    state[lane] = u;
    state[32 + lane] = v;
    out[lane] = u;
    out[32 + lane] = v;
  }
}
