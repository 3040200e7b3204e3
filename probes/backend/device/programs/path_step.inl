// SPDX-License-Identifier: Apache-2.0
// A step of copy.h2d, and of l2.read of CUDA (probes/catalogue/paths.h), included by each once: lane l of the team carries columns l and l + 32.
// PATH_LOAD(p) reads a word of the parameters on the way that the program is for.
ASSAY_FN void ASSAY_NAME(step)(ASSAY_LOCAL assay_u64* state, ASSAY_GLOBAL const assay_u64* params, ASSAY_GLOBAL assay_u64* out, assay_u32 me, assay_u32 step) {
  ASSAY_EACH_LANE(lane, me) {
    ASSAY_GLOBAL const assay_u64* block = params + step * 4096;
    assay_u64 even = state[lane];
    assay_u64 odd = state[32 + lane];
    for (assay_u32 row = 0; row < 64; ++row) {
      even = assay_digest_add(even, PATH_LOAD(block + row * 64 + lane));
      odd = assay_digest_add(odd, PATH_LOAD(block + row * 64 + 32 + lane));
    }
    state[lane] = even;
    state[32 + lane] = odd;
    out[lane] = even;
    out[32 + lane] = odd;
  }
}

#undef PATH_LOAD
