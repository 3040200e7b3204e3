// SPDX-License-Identifier: Apache-2.0
// copy.d2h and copy.p2p (probes/catalogue/paths.h): the words are born here, and all of a run stay in device memory until they are fetched from there.
#define ASSAY_PROGRAM copy_d2h
#define ASSAY_TEAM 32
#define ASSAY_STATE_WORDS 64
#define ASSAY_SHARE_WORDS 0
#define ASSAY_PARAM_WORDS 0
#define ASSAY_ARENA_WORDS 0
#define ASSAY_OUT_WORDS 1024
#define ASSAY_STEPS 16
#define ASSAY_TILES 16

ASSAY_FN void copy_d2h_step(ASSAY_LOCAL assay_u64* state, ASSAY_GLOBAL const assay_u64* params, ASSAY_GLOBAL assay_u64* out, assay_u32 me, assay_u32 step) {
  (void)params;
  ASSAY_EACH_LANE(lane, me) {
    assay_u64 even = state[lane];
    assay_u64 odd = state[32 + lane];
    for (assay_u32 at = lane; at < 1024; at += 64) {
      even = assay_digest_add(even, 1024 * (assay_u64)step + at);
      odd = assay_digest_add(odd, 1024 * (assay_u64)step + at + 32);
      out[at] = even;
      out[32 + at] = odd;
    }
    state[lane] = even;
    state[32 + lane] = odd;
  }
}
