// SPDX-License-Identifier: Apache-2.0
// addmul.fp64.chain (probes/catalogue/addmul.h): lane l of the team carries chain l.
#define ASSAY_PROGRAM addmul_fp64
#define ASSAY_TEAM 32
#define ASSAY_STATE_WORDS 64
#define ASSAY_SHARE_WORDS 0
#define ASSAY_PARAM_WORDS 512
#define ASSAY_ARENA_WORDS 0
#define ASSAY_OUT_WORDS 64
#define ASSAY_STEPS 32

ASSAY_FN assay_u64 addmul_fp64_fold(assay_u64 word, double y) { return assay_rotl_u64(word + assay_bits_f64(y), 24); }
ASSAY_FN double addmul_fp64_window(assay_u64 word) { return assay_f64_of((word & 0x80FFFFFFFFFFFFFFul) | 0x3F00000000000000ul); }

ASSAY_FN void addmul_fp64_step(ASSAY_LOCAL assay_u64* state, ASSAY_GLOBAL const assay_u64* params, ASSAY_GLOBAL assay_u64* out, assay_u32 me, assay_u32 step) {
  (void)step;
  ASSAY_EACH_LANE(lane, me) {
    assay_u64 u = state[lane];
    assay_u64 v = state[32 + lane];
    for (assay_u32 i = 0; i < 512; ++i) {
      const assay_u32 r = (2 * i) % 8;
      const double p = assay_mul_f64(addmul_fp64_window(u), assay_f64_of(params[r * 32 + lane]));
      v = addmul_fp64_fold(addmul_fp64_fold(v, p), assay_add_f64(p, assay_f64_of(params[256 + r * 32 + lane])));
      const double d = assay_sub_f64(addmul_fp64_window(v), assay_f64_of(params[256 + (r + 1) * 32 + lane]));
      u = addmul_fp64_fold(addmul_fp64_fold(u, d), assay_mul_f64(d, assay_f64_of(params[(r + 1) * 32 + lane])));
    }
    state[lane] = u;
    state[32 + lane] = v;
    out[lane] = u;
    out[32 + lane] = v;
  }
}
