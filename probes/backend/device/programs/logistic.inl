// SPDX-License-Identifier: Apache-2.0
// logistic.fp64 (probes/catalogue/logistic.h): lane l of the team has orbits l of u and of v.
#define ASSAY_PROGRAM logistic
#define ASSAY_TEAM 32
#define ASSAY_STATE_WORDS 64
#define ASSAY_SHARE_WORDS 0
#define ASSAY_PARAM_WORDS 128
#define ASSAY_ARENA_WORDS 0
#define ASSAY_OUT_WORDS 64
#define ASSAY_STEPS 32

ASSAY_FN double logistic_window(assay_u64 word) { return assay_f64_of((word & 0x001FFFFFFFFFFFFFul) | 0x3FC0000000000000ul); }

ASSAY_FN void logistic_step(ASSAY_LOCAL assay_u64* state, ASSAY_GLOBAL const assay_u64* params, ASSAY_GLOBAL assay_u64* out, assay_u32 me, assay_u32 step) {
  (void)step;
  ASSAY_EACH_LANE(lane, me) {
    assay_u64 u = state[lane];
    assay_u64 v = state[32 + lane];
    for (assay_u32 i = 0; i < 64; ++i) {
      const double a = assay_f64_of(params[i % 4 * 32 + lane]);
      double x = logistic_window(u);
      for (assay_u32 turn = 0; turn < 8; ++turn) {
        const double t = assay_mul_f64(a, x);
        x = assay_fma_f64(-t, x, t);
        v = assay_rotl_u64(v + assay_bits_f64(x), 24);
      }
      x = logistic_window(v);
      for (assay_u32 turn = 0; turn < 8; ++turn) {
        x = assay_mul_f64(a, assay_mul_f64(x, assay_sub_f64(1.0, x)));
        u = assay_rotl_u64(u + assay_bits_f64(x), 24);
      }
    }
    state[lane] = u;
    state[32 + lane] = v;
    out[lane] = u;
    out[32 + lane] = v;
  }
}
