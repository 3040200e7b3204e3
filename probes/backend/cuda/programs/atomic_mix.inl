// SPDX-License-Identifier: Apache-2.0
// atomic.mix (probes/catalogue/paths.h): the cells are in device memory while a step works on them, so that the atomic units of the shared cache do.
#define ASSAY_PROGRAM atomic_mix
#define ASSAY_TEAM 128
#define ASSAY_STATE_WORDS 64
#define ASSAY_SHARE_WORDS 0
#define ASSAY_PARAM_WORDS 65536
#define ASSAY_ARENA_WORDS 64
#define ASSAY_OUT_WORDS 64
#define ASSAY_STEPS 16

ASSAY_FN void atomic_mix_step(ASSAY_LOCAL assay_u64* state, ASSAY_GLOBAL const assay_u64* params, ASSAY_GLOBAL assay_u64* arena,
                              ASSAY_GLOBAL assay_u64* out, assay_u32 me, assay_u32 step) {
  ASSAY_EACH_LANE(lane, me) {
    if (lane < 64) {
      arena[lane] = state[lane];
      ASSAY_DEVICE_FENCE();
    }
  }
  ASSAY_BARRIER();
  ASSAY_EACH_LANE(lane, me) {
    for (assay_u32 i = lane; i < 4096; i += ASSAY_TEAM) {
      const assay_u64 word = params[step * 4096 + i];
      const assay_u32 cell = (i + (assay_u32)(word >> 60)) % 16;
      const assay_u32 places = i % 64;
      ASSAY_ATOMIC_ADD_U64(arena + cell, word);
      ASSAY_ATOMIC_XOR_U64(arena + 16 + cell, places == 0 ? word : assay_rotl_u64(word, places));
      ASSAY_ATOMIC_MIN_U64(arena + 32 + cell, word);
      ASSAY_ATOMIC_MAX_U64(arena + 48 + cell, word);
    }
    ASSAY_DEVICE_FENCE();
  }
  ASSAY_BARRIER();
  ASSAY_EACH_LANE(lane, me) {
    if (lane < 64) {
      // Past the first-level cache: the atomic operations did not go through it.
      const assay_u64 word = ASSAY_LOAD_SHARED_CACHE(arena + lane);
      state[lane] = word;
      out[lane] = word;
    }
  }
}
