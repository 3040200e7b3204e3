// SPDX-License-Identifier: Apache-2.0
// cvt.table (probes/catalogue/cvt.h): lane l of the team has word l of u and of v.
#define ASSAY_PROGRAM cvt
#define ASSAY_TEAM 32
#define ASSAY_STATE_WORDS 64
#define ASSAY_SHARE_WORDS 0
#define ASSAY_PARAM_WORDS 2
#define ASSAY_ARENA_WORDS 0
#define ASSAY_OUT_WORDS 64
#define ASSAY_STEPS 16

ASSAY_FN assay_u64 cvt_fold(assay_u64 to, assay_u64 y) { return assay_rotl_u64(to + y, 24); }
ASSAY_FN assay_u32 cvt_fold_half(assay_u32 to, assay_u32 y) { return assay_rotl_u32(to + y, 8); }
ASSAY_FN assay_i32 cvt_clamp(assay_i32 value, assay_i32 least, assay_i32 most) { return value < least ? least : value > most ? most : value; }

// The nine conversions of a 32-bit lane; `h` is the FP16 number of this iteration.
ASSAY_FN assay_u32 cvt_narrow(assay_u32 to, assay_u32 w, assay_u32 h) {
  if ((h & 0x7C00u) == 0x7C00u) {
    h &= 0xFC00u;
  }
  const assay_u32 f = assay_bits_f32(ASSAY_F32_OF_F16(h));
  to = cvt_fold_half(to, f);
  const assay_u32 filled = (h & 0x7C00u) == 0x7C00u ? f : (f & ~0x1FFFu) | (w & 0x1FFFu);
  to = cvt_fold_half(to, ASSAY_F16_OF_F32(assay_f32_of(filled)));
  to = cvt_fold_half(to, ASSAY_F16_OF_F32(assay_f32_of((w & 0x8FFFFFFFu) | 0x30000000u)));
  to = cvt_fold_half(to, ASSAY_BF16_OF_F32(assay_f32_of((w & 0x87FFFFFFu) | 0x38000000u)));
  to = cvt_fold_half(to, assay_bits_f32((float)(assay_i32)w));
  const assay_u32 y = (w & 0x87FFFFFFu) + 0x3E000000u;
  to = cvt_fold_half(to, (assay_u32)(assay_i32)assay_f32_of(y));
  to = cvt_fold_half(to, (assay_u32)ASSAY_NEAREST_I32_OF_F32(assay_f32_of(y & ~0xFFFu)));
  to = cvt_fold_half(to, assay_bits_f32((float)cvt_clamp((assay_i32)w >> 15, -32768, 32767)));
  return cvt_fold_half(to, assay_bits_f32((float)cvt_clamp((assay_i32)w >> 23, -128, 127)));
}

// The eleven of a word.
ASSAY_FN assay_u64 cvt_wide(assay_u64 to, assay_u64 w) {
  const assay_u64 x = (w & 0x80FFFFFFFFFFFFFFul) | 0x3F00000000000000ul;
  const assay_u32 low = (assay_u32)w;
  to = cvt_fold(to, assay_bits_f32((float)assay_f64_of(x)));
  to = cvt_fold(to, assay_bits_f32((float)assay_f64_of(x & ~0xFFFFFFFul)));
  to = cvt_fold(to, assay_bits_f32((float)assay_f64_of((w & 0x81FFFFFFFFFFFFFFul) | 0x3600000000000000ul)));
  to = cvt_fold(to, assay_bits_f64((double)assay_f32_of((low & 0x87FFFFFFu) | 0x38000000u)));
  to = cvt_fold(to, assay_bits_f64((double)assay_f32_of(low & 0x807FFFFFu)));
  to = cvt_fold(to, assay_bits_f64((double)(assay_i32)low));
  to = cvt_fold(to, assay_bits_f64((double)(assay_i64)w));
  const assay_u64 y = (w & 0x83FFFFFFFFFFFFFFul) + 0x3FC0000000000000ul;
  to = cvt_fold(to, (assay_u64)(assay_i64)assay_f64_of(y));
  to = cvt_fold(to, (assay_u64)ASSAY_NEAREST_I64(assay_f64_of(y & ~0xFFFFFFFFul)));
  const assay_u64 z = (w & 0x80FFFFFFFFFFFFFFul) + 0x3FC0000000000000ul;
  to = cvt_fold(to, (assay_u32)(assay_i32)assay_f64_of(z));
  return cvt_fold(to, (assay_u32)ASSAY_NEAREST_I32(assay_f64_of(z & ~0xFFFFFFFFFFul)));
}

ASSAY_FN void cvt_step(ASSAY_LOCAL assay_u64* state, ASSAY_GLOBAL const assay_u64* params, ASSAY_GLOBAL assay_u64* out, assay_u32 me, assay_u32 step) {
  ASSAY_EACH_LANE(lane, me) {
    assay_u64 u = state[lane];
    assay_u64 v = state[32 + lane];
    for (assay_u32 i = 0; i < 64; ++i) {
      const assay_u32 first = 64 * (64 * step + i) + 2 * lane;
      const assay_u32 odd = (assay_u32)params[0];
      const assay_u32 any = (assay_u32)params[1];
      const assay_u32 low = cvt_narrow((assay_u32)v, (assay_u32)u, (first * odd + any) & 0xFFFFu);
      const assay_u32 high = cvt_narrow((assay_u32)(v >> 32), (assay_u32)(u >> 32), ((first + 1) * odd + any) & 0xFFFFu);
      v = ((assay_u64)high << 32) | low;
      u = cvt_wide(u, v);
    }
    state[lane] = u;
    state[32 + lane] = v;
    out[lane] = u;
    out[32 + lane] = v;
  }
}
