// SPDX-License-Identifier: Apache-2.0
// device.atomics (probes/catalogue/device_atomics.h) on cells in device memory, where the atomic units of the shared cache are. A dialect defines for
// it, for a u64 at p in device memory or u32 number k of the words at p (a device that cannot does not offer the probe),
//   ASSAY_ADD_U64(p, n) ASSAY_MIN_U64(p, n) ASSAY_MAX_U64(p, n) ASSAY_XOR_U64(p, n)
//   ASSAY_SWAP_U64(p, seen, n)    if *p is `seen` it becomes n; gives what was there
//   ASSAY_ADD_U32(p, k, n) ASSAY_MIN_U32(p, k, n) ASSAY_MAX_U32(p, k, n) ASSAY_XOR_U32(p, k, n)
// each atomic in the device, without a sign, and their results seen by ASSAY_REREAD after a barrier.
#define ASSAY_PROGRAM atomics
#define ASSAY_TEAM 32
#define ASSAY_STATE_WORDS 112
#define ASSAY_SHARE_WORDS 0
#define ASSAY_PARAM_WORDS 32
#define ASSAY_ARENA_WORDS 112
#define ASSAY_OUT_WORDS 112
#define ASSAY_STEPS 32

ASSAY_FN void atomics_operate(ASSAY_GLOBAL assay_u64* cells, assay_u64 v) {
  const assay_u32 c = (assay_u32)v & 15u;
  const assay_u32 w = (assay_u32)(v >> 32);
  ASSAY_ADD_U64(cells + c, v);
  ASSAY_MIN_U64(cells + 16 + c, v);
  ASSAY_MAX_U64(cells + 32 + c, v);
  ASSAY_XOR_U64(cells + 48 + c, v);
  assay_u64 seen = ASSAY_REREAD(cells + 64 + c);
  assay_u64 found = ASSAY_SWAP_U64(cells + 64 + c, seen, seen + assay_rotl_u64(v, 32));
  while (found != seen) {
    seen = found;
    found = ASSAY_SWAP_U64(cells + 64 + c, seen, seen + assay_rotl_u64(v, 32));
  }
  ASSAY_ADD_U32(cells + 80, c, w);
  ASSAY_MIN_U32(cells + 88, c, w);
  ASSAY_MAX_U32(cells + 96, c, w);
  ASSAY_XOR_U32(cells + 104, c, w);
}

ASSAY_FN void atomics_step(ASSAY_LOCAL assay_u64* state, ASSAY_GLOBAL const assay_u64* params, ASSAY_GLOBAL assay_u64* cells, ASSAY_GLOBAL assay_u64* out,
                           assay_u32 me, assay_u32 step) {
  ASSAY_EACH_LANE(lane, me) {
    for (assay_u32 word = lane; word < 112; word += 32) {
      const assay_u32 least = (word >= 16 && word < 32) || (word >= 88 && word < 96) ? 1 : 0;
      const assay_u32 most = (word >= 32 && word < 48) || (word >= 96 && word < 104) ? 1 : 0;
      cells[word] = least != 0 ? ~(assay_u64)0 : most != 0 ? 0 : state[word];
    }
  }
  ASSAY_BARRIER();
  ASSAY_EACH_LANE(lane, me) {
    for (assay_u32 i = 0; i < 64; ++i) {
      atomics_operate(cells, assay_digest_value(params[lane] + (assay_u64)(64 * step + i) * 0x9E3779B97F4A7C15ul));
    }
  }
  ASSAY_BARRIER();
  ASSAY_EACH_LANE(lane, me) {
    for (assay_u32 word = lane; word < 112; word += 32) {
      const assay_u64 value = ASSAY_REREAD(cells + word);
      state[word] = value;
      out[word] = value;
    }
  }
}
