// SPDX-License-Identifier: Apache-2.0
// sfu.approx (probes/catalogue/sfu.h): lane l of the team carries the two chains of word l. A dialect defines for it, by the instruction of the unit
// where there is one, whatever bits that gives,
//   ASSAY_APPROX_RECIPROCAL(x) ASSAY_APPROX_INVERSE_ROOT(x) ASSAY_APPROX_LOG2(x) ASSAY_APPROX_EXP2(x) ASSAY_APPROX_SIN(x) ASSAY_APPROX_COS(x)
#define ASSAY_PROGRAM sfu_approx
#define ASSAY_TEAM 32
#define ASSAY_STATE_WORDS 64
#define ASSAY_SHARE_WORDS 0
#define ASSAY_PARAM_WORDS 512
#define ASSAY_ARENA_WORDS 0
#define ASSAY_OUT_WORDS 64
#define ASSAY_STEPS 16

ASSAY_FN assay_u32 sfu_approx_fold(assay_u32 word, float y) { return assay_rotl_u32(word + assay_bits_f32(y), 8); }

ASSAY_FN assay_u32 sfu_approx_first(assay_u32 v, assay_u32 argument) {
  const float x = assay_f32_of((argument & 0x87FFFFFFu) | 0x38000000u);
  const float size = assay_f32_of((argument & 0x07FFFFFFu) | 0x38000000u);
  v = sfu_approx_fold(v, ASSAY_APPROX_RECIPROCAL(x));
  v = sfu_approx_fold(v, ASSAY_APPROX_INVERSE_ROOT(size));
  return sfu_approx_fold(v, ASSAY_APPROX_LOG2(size));
}

ASSAY_FN assay_u32 sfu_approx_second(assay_u32 u, assay_u32 argument) {
  const float y = assay_f32_of((argument & 0x87FFFFFFu) | 0x38000000u);
  u = sfu_approx_fold(u, ASSAY_APPROX_EXP2(assay_mul_f32(y, 32.0f)));
  u = sfu_approx_fold(u, ASSAY_APPROX_SIN(assay_mul_f32(y, 4.0f)));
  return sfu_approx_fold(u, ASSAY_APPROX_COS(assay_mul_f32(y, 4.0f)));
}

ASSAY_FN void sfu_approx_step(ASSAY_LOCAL assay_u64* state, ASSAY_GLOBAL const assay_u64* params, ASSAY_GLOBAL assay_u64* out, assay_u32 me, assay_u32 step) {
  (void)step;
  ASSAY_EACH_LANE(lane, me) {
    assay_u32 u[2];
    assay_u32 v[2];
    ASSAY_UNROLL
    for (assay_u32 part = 0; part < 2; ++part) {
      u[part] = (assay_u32)(state[lane] >> (32 * part));
      v[part] = (assay_u32)(state[32 + lane] >> (32 * part));
    }
    for (assay_u32 i = 0; i < 128; ++i) {
      const assay_u64 a = params[i % 8 * 32 + lane];
      const assay_u64 b = params[256 + i % 8 * 32 + lane];
      ASSAY_UNROLL
      for (assay_u32 part = 0; part < 2; ++part) {
        v[part] = sfu_approx_first(v[part], u[part] ^ (assay_u32)(a >> (32 * part)));
        u[part] = sfu_approx_second(u[part], v[part] ^ (assay_u32)(b >> (32 * part)));
      }
    }
    state[lane] = ((assay_u64)u[1] << 32) | u[0];
    state[32 + lane] = ((assay_u64)v[1] << 32) | v[0];
    out[lane] = state[lane];
    out[32 + lane] = state[32 + lane];
  }
}
