// SPDX-License-Identifier: Apache-2.0
// addmul.fp32.chain (probes/catalogue/addmul.h): lane l of the team carries the two chains of word l.
#define ASSAY_PROGRAM addmul_fp32
#define ASSAY_TEAM 32
#define ASSAY_STATE_WORDS 64
#define ASSAY_SHARE_WORDS 0
#define ASSAY_PARAM_WORDS 512
#define ASSAY_ARENA_WORDS 0
#define ASSAY_OUT_WORDS 64
#define ASSAY_STEPS 32

ASSAY_FN assay_u32 addmul_fp32_fold(assay_u32 word, float y) { return assay_rotl_u32(word + assay_bits_f32(y), 8); }
ASSAY_FN float addmul_fp32_window(assay_u32 word) { return assay_f32_of((word & 0x87FFFFFFu) | 0x38000000u); }
ASSAY_FN assay_u64 addmul_fp32_both(assay_u32 low, assay_u32 high) { return ((assay_u64)high << 32) | low; }

ASSAY_FN assay_u32 addmul_fp32_first(assay_u32 v, assay_u32 u, assay_u32 a, assay_u32 b) {
  const float p = assay_mul_f32(addmul_fp32_window(u), assay_f32_of(a));
  return addmul_fp32_fold(addmul_fp32_fold(v, p), assay_add_f32(p, assay_f32_of(b)));
}

ASSAY_FN assay_u32 addmul_fp32_second(assay_u32 u, assay_u32 v, assay_u32 a, assay_u32 b) {
  const float d = assay_sub_f32(addmul_fp32_window(v), assay_f32_of(b));
  return addmul_fp32_fold(addmul_fp32_fold(u, d), assay_mul_f32(d, assay_f32_of(a)));
}

ASSAY_FN void addmul_fp32_step(ASSAY_LOCAL assay_u64* state, ASSAY_GLOBAL const assay_u64* params, ASSAY_GLOBAL assay_u64* out, assay_u32 me, assay_u32 step) {
  (void)step;
  ASSAY_EACH_LANE(lane, me) {
    assay_u64 u = state[lane];
    assay_u64 v = state[32 + lane];
    for (assay_u32 i = 0; i < 512; ++i) {
      const assay_u32 r = (2 * i) % 8;
      const assay_u64 a = params[r * 32 + lane];
      const assay_u64 b = params[256 + r * 32 + lane];
      v = addmul_fp32_both(addmul_fp32_first((assay_u32)v, (assay_u32)u, (assay_u32)a, (assay_u32)b),
                           addmul_fp32_first((assay_u32)(v >> 32), (assay_u32)(u >> 32), (assay_u32)(a >> 32), (assay_u32)(b >> 32)));
      const assay_u64 c = params[(r + 1) * 32 + lane];
      const assay_u64 d = params[256 + (r + 1) * 32 + lane];
      u = addmul_fp32_both(addmul_fp32_second((assay_u32)u, (assay_u32)v, (assay_u32)c, (assay_u32)d),
                           addmul_fp32_second((assay_u32)(u >> 32), (assay_u32)(v >> 32), (assay_u32)(c >> 32), (assay_u32)(d >> 32)));
    }
    state[lane] = u;
    state[32 + lane] = v;
    out[lane] = u;
    out[32 + lane] = v;
  }
}
