// SPDX-License-Identifier: Apache-2.0
// div.fp32.chain (probes/catalogue/div.h): sixteen words of two chains, carried by one half of the team in even steps and by the other in odd ones.
#define ASSAY_PROGRAM div_fp32
#define ASSAY_TEAM 32
#define ASSAY_STATE_WORDS 32
#define ASSAY_SHARE_WORDS 0
#define ASSAY_PARAM_WORDS 128
#define ASSAY_ARENA_WORDS 0
#define ASSAY_OUT_WORDS 32
#define ASSAY_STEPS 64

ASSAY_FN assay_u64 div_fp32_divide(assay_u64 v, assay_u64 u, assay_u64 a) {
  assay_u64 result = 0;
  for (assay_u32 part = 0; part < 2; ++part) {
    const float x = assay_f32_of(((assay_u32)(u >> (32 * part)) & 0x87FFFFFFu) | 0x38000000u);
    const assay_u32 y = assay_bits_f32(assay_div_f32(assay_f32_of((assay_u32)(a >> (32 * part))), x));
    result |= (assay_u64)assay_rotl_u32((assay_u32)(v >> (32 * part)) + y, 8) << (32 * part);
  }
  return result;
}

ASSAY_FN assay_u64 div_fp32_root(assay_u64 u, assay_u64 v) {
  assay_u64 result = 0;
  for (assay_u32 part = 0; part < 2; ++part) {
    const float x = assay_f32_of(((assay_u32)(v >> (32 * part)) & 0x07FFFFFFu) | 0x38000000u);
    const assay_u32 y = assay_bits_f32(assay_sqrt_f32(x));
    result |= (assay_u64)assay_rotl_u32((assay_u32)(u >> (32 * part)) + y, 8) << (32 * part);
  }
  return result;
}

ASSAY_FN void div_fp32_step(ASSAY_LOCAL assay_u64* state, ASSAY_GLOBAL const assay_u64* params, ASSAY_GLOBAL assay_u64* out, assay_u32 me, assay_u32 step) {
  ASSAY_EACH_LANE(lane, me) {
    const assay_u32 word = (lane + 16 * step) % 32;
    if (word < 16) {
      assay_u64 u = state[word];
      assay_u64 v = state[16 + word];
      for (assay_u32 i = 0; i < 256; ++i) {
        v = div_fp32_divide(v, u, params[i % 8 * 16 + word]);
        u = div_fp32_root(u, v);
      }
      state[word] = u;
      state[16 + word] = v;
      out[word] = u;
      out[16 + word] = v;
    }
  }
}
