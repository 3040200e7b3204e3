// SPDX-License-Identifier: Apache-2.0
// dsmem.exchange (probes/catalogue/paths.h): 512 words at a time go into the peer's shared memory, at the place where the peer's team of the
// same number keeps its own, and are loaded back by lanes other than those that stored it. That place is nobody else's.
#define ASSAY_PROGRAM dsmem_exchange
#define ASSAY_TEAM 32
#define ASSAY_STATE_WORDS 64
#define ASSAY_SHARE_WORDS 512
#define ASSAY_PARAM_WORDS 65536
#define ASSAY_ARENA_WORDS 0
#define ASSAY_OUT_WORDS 64
#define ASSAY_STEPS 16

ASSAY_FN void dsmem_exchange_step(ASSAY_LOCAL assay_u64* state, ASSAY_GLOBAL const assay_u64* params, ASSAY_GLOBAL assay_u64* out, assay_u32 me, assay_u32 step) {
  for (assay_u32 part = 0; part < 8; ++part) {  // 512 words each
    ASSAY_EACH_LANE(lane, me) {
      // Lane l stores what lane 31 - l takes in.
      const assay_u32 to = 31 - lane;
      for (assay_u32 row = 0; row < 8; ++row) {
        ASSAY_GLOBAL const assay_u64* from = params + step * 4096 + (part * 8 + row) * 64;
        ASSAY_PEER_STORE(state + ASSAY_STATE_WORDS + row * 64 + to, from[to]);
        ASSAY_PEER_STORE(state + ASSAY_STATE_WORDS + row * 64 + 32 + to, from[32 + to]);
      }
      ASSAY_PEER_FENCE();
    }
    ASSAY_BARRIER();
    ASSAY_EACH_LANE(lane, me) {
      assay_u64 even = state[lane];
      assay_u64 odd = state[32 + lane];
      for (assay_u32 row = 0; row < 8; ++row) {
        even = assay_digest_add(even, ASSAY_PEER_LOAD(state + ASSAY_STATE_WORDS + row * 64 + lane));
        odd = assay_digest_add(odd, ASSAY_PEER_LOAD(state + ASSAY_STATE_WORDS + row * 64 + 32 + lane));
      }
      state[lane] = even;
      state[32 + lane] = odd;
      ASSAY_PEER_FENCE();
    }
    ASSAY_BARRIER();
  }
  ASSAY_EACH_LANE(lane, me) {
    out[lane] = state[lane];
    out[32 + lane] = state[32 + lane];
  }
}
