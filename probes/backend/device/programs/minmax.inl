// SPDX-License-Identifier: Apache-2.0
// minmax.chain (probes/catalogue/minmax.h): lane l of the team carries chain l.
#define ASSAY_PROGRAM minmax
#define ASSAY_TEAM 32
#define ASSAY_STATE_WORDS 64
#define ASSAY_SHARE_WORDS 0
#define ASSAY_PARAM_WORDS 512
#define ASSAY_ARENA_WORDS 0
#define ASSAY_OUT_WORDS 64
#define ASSAY_STEPS 16

// Lane `at` of a word that has lanes of `bits`: as a number with a sign, or without one.
ASSAY_FN assay_i64 minmax_signed(assay_u64 word, assay_u32 bits, assay_u32 at) { return (assay_i64)(word << (64 - bits - at * bits)) >> (64 - bits); }
ASSAY_FN assay_u64 minmax_unsigned(assay_u64 word, assay_u32 bits, assay_u32 at) { return (word >> (at * bits)) & (~(assay_u64)0 >> (64 - bits)); }
ASSAY_FN assay_u64 minmax_put(assay_u64 value, assay_u32 bits, assay_u32 at) { return (value & (~(assay_u64)0 >> (64 - bits))) << (at * bits); }

// What is done to the lanes of two words of each width.
#define MINMAX_MIN_S 0
#define MINMAX_MIN_U 1
#define MINMAX_MAX_S 2
#define MINMAX_MAX_U 3
#define MINMAX_ABOVE 4
#define MINMAX_EQUAL 5
ASSAY_FN assay_u64 minmax_lanes(assay_u32 what, assay_u32 bits, assay_u64 w, assay_u64 o) {
  assay_u64 result = 0;
  ASSAY_UNROLL
  for (assay_u32 at = 0; at < 64 / bits; ++at) {
    const assay_i64 a = minmax_signed(w, bits, at);
    const assay_i64 b = minmax_signed(o, bits, at);
    const assay_u64 p = minmax_unsigned(w, bits, at);
    const assay_u64 q = minmax_unsigned(o, bits, at);
    const assay_u64 value = what == MINMAX_MIN_S   ? (assay_u64)(a < b ? a : b)
                            : what == MINMAX_MIN_U ? (p < q ? p : q)
                            : what == MINMAX_MAX_S ? (assay_u64)(a > b ? a : b)
                            : what == MINMAX_MAX_U ? (p > q ? p : q)
                            : what == MINMAX_ABOVE ? (a > b ? ~(assay_u64)0 : 0)
                                                   : (p == q ? ~(assay_u64)0 : 0);
    result |= minmax_put(value, bits, at);
  }
  return result;
}

ASSAY_FN assay_u64 minmax_fold(assay_u64 to, assay_u64 y) { return assay_rotl_u64(to + y, 24); }
ASSAY_FN assay_u64 minmax_window_f64(assay_u64 word) { return (word & 0x80FFFFFFFFFFFFFFul) | 0x3F00000000000000ul; }
ASSAY_FN assay_u64 minmax_both(assay_u32 low, assay_u32 high) { return ((assay_u64)high << 32) | low; }

// minimum, x < y, blend, sign; or maximum, x <= y, blend, -|x|.
ASSAY_FN assay_u64 minmax_less_f64(assay_u64 to, assay_u64 w, assay_u64 o, assay_u64 b) {
  const assay_u64 bits = minmax_window_f64(w);
  const double x = assay_f64_of(bits);
  const double y = assay_f64_of(minmax_window_f64(o));
  to = minmax_fold(to, assay_bits_f64(ASSAY_MIN_F64(x, y)));
  to = minmax_fold(to, x < y ? ~(assay_u64)0 : 0);
  to = minmax_fold(to, x < y ? w : b);
  return minmax_fold(to, (b & 0x7FFFFFFFFFFFFFFFul) | (bits & 0x8000000000000000ul));
}
ASSAY_FN assay_u64 minmax_most_f64(assay_u64 to, assay_u64 w, assay_u64 o, assay_u64 b) {
  const assay_u64 bits = minmax_window_f64(w);
  const double x = assay_f64_of(bits);
  const double y = assay_f64_of(minmax_window_f64(o));
  to = minmax_fold(to, assay_bits_f64(ASSAY_MAX_F64(x, y)));
  to = minmax_fold(to, x <= y ? ~(assay_u64)0 : 0);
  to = minmax_fold(to, x <= y ? b : w);
  return minmax_fold(to, bits | 0x8000000000000000ul);
}

// The same of both halves of a word. Each operation is one step of the chain of the word, so the halves go side by side.
ASSAY_FN float minmax_f32(assay_u64 word, assay_u32 part) { return assay_f32_of(((assay_u32)(word >> (32 * part)) & 0x87FFFFFFu) | 0x38000000u); }

ASSAY_FN assay_u64 minmax_less_f32(assay_u64 to, assay_u64 w, assay_u64 o, assay_u64 b) {
  const float x0 = minmax_f32(w, 0);
  const float x1 = minmax_f32(w, 1);
  const float y0 = minmax_f32(o, 0);
  const float y1 = minmax_f32(o, 1);
  to = minmax_fold(to, minmax_both(assay_bits_f32(ASSAY_MIN_F32(x0, y0)), assay_bits_f32(ASSAY_MIN_F32(x1, y1))));
  const assay_u64 mask = minmax_both(x0 < y0 ? ~0u : 0u, x1 < y1 ? ~0u : 0u);
  to = minmax_fold(to, mask);
  to = minmax_fold(to, (w & mask) | (b & ~mask));
  const assay_u64 bits = minmax_both(assay_bits_f32(x0), assay_bits_f32(x1));
  return minmax_fold(to, (b & 0x7FFFFFFF7FFFFFFFul) | (bits & 0x8000000080000000ul));
}
ASSAY_FN assay_u64 minmax_most_f32(assay_u64 to, assay_u64 w, assay_u64 o, assay_u64 b) {
  const float x0 = minmax_f32(w, 0);
  const float x1 = minmax_f32(w, 1);
  const float y0 = minmax_f32(o, 0);
  const float y1 = minmax_f32(o, 1);
  to = minmax_fold(to, minmax_both(assay_bits_f32(ASSAY_MAX_F32(x0, y0)), assay_bits_f32(ASSAY_MAX_F32(x1, y1))));
  const assay_u64 mask = minmax_both(x0 <= y0 ? ~0u : 0u, x1 <= y1 ? ~0u : 0u);
  to = minmax_fold(to, mask);
  to = minmax_fold(to, (b & mask) | (w & ~mask));
  const assay_u64 bits = minmax_both(assay_bits_f32(x0), assay_bits_f32(x1));
  return minmax_fold(to, bits | 0x8000000080000000ul);
}

ASSAY_FN assay_u64 minmax_first(assay_u64 to, assay_u64 w, assay_u64 d, assay_u64 b) {
  const assay_u64 o = w ^ d;
  to = minmax_fold(to, minmax_lanes(MINMAX_MIN_S, 8, w, o));
  to = minmax_fold(to, minmax_lanes(MINMAX_MAX_U, 8, w, o));
  to = minmax_fold(to, minmax_lanes(MINMAX_MIN_S, 16, w, o));
  to = minmax_fold(to, minmax_lanes(MINMAX_MAX_U, 16, w, o));
  to = minmax_fold(to, minmax_lanes(MINMAX_MIN_S, 32, w, o));
  to = minmax_fold(to, minmax_lanes(MINMAX_MAX_U, 32, w, o));
  to = minmax_fold(to, minmax_lanes(MINMAX_MIN_S, 64, w, o));
  to = minmax_fold(to, minmax_lanes(MINMAX_MAX_U, 64, w, o));
  to = minmax_fold(to, minmax_lanes(MINMAX_ABOVE, 8, w, o));
  to = minmax_fold(to, minmax_lanes(MINMAX_EQUAL, 16, w, o));
  to = minmax_fold(to, minmax_lanes(MINMAX_ABOVE, 32, w, o));
  to = minmax_fold(to, minmax_lanes(MINMAX_EQUAL, 64, w, o));
  return minmax_most_f32(minmax_less_f64(to, w, o, b), w, o, b);
}

ASSAY_FN assay_u64 minmax_second(assay_u64 to, assay_u64 w, assay_u64 d, assay_u64 b) {
  const assay_u64 o = w ^ d;
  to = minmax_fold(to, minmax_lanes(MINMAX_MAX_S, 8, w, o));
  to = minmax_fold(to, minmax_lanes(MINMAX_MIN_U, 8, w, o));
  to = minmax_fold(to, minmax_lanes(MINMAX_MAX_S, 16, w, o));
  to = minmax_fold(to, minmax_lanes(MINMAX_MIN_U, 16, w, o));
  to = minmax_fold(to, minmax_lanes(MINMAX_MAX_S, 32, w, o));
  to = minmax_fold(to, minmax_lanes(MINMAX_MIN_U, 32, w, o));
  to = minmax_fold(to, minmax_lanes(MINMAX_MAX_S, 64, w, o));
  to = minmax_fold(to, minmax_lanes(MINMAX_MIN_U, 64, w, o));
  to = minmax_fold(to, minmax_lanes(MINMAX_EQUAL, 8, w, o));
  to = minmax_fold(to, minmax_lanes(MINMAX_ABOVE, 16, w, o));
  to = minmax_fold(to, minmax_lanes(MINMAX_EQUAL, 32, w, o));
  to = minmax_fold(to, minmax_lanes(MINMAX_ABOVE, 64, w, o));
  return minmax_less_f32(minmax_most_f64(to, w, o, b), w, o, b);
}

ASSAY_FN void minmax_step(ASSAY_LOCAL assay_u64* state, ASSAY_GLOBAL const assay_u64* params, ASSAY_GLOBAL assay_u64* out, assay_u32 me, assay_u32 step) {
  (void)step;
  ASSAY_EACH_LANE(lane, me) {
    assay_u64 u = state[lane];
    assay_u64 v = state[32 + lane];
    for (assay_u32 i = 0; i < 64; ++i) {
      const assay_u32 r = (2 * i) % 8;
      v = minmax_first(v, u, params[r * 32 + lane], params[256 + r * 32 + lane]);
      u = minmax_second(u, v, params[(r + 1) * 32 + lane], params[256 + (r + 1) * 32 + lane]);
    }
    state[lane] = u;
    state[32 + lane] = v;
    out[lane] = u;
    out[32 + lane] = v;
  }
}
#undef MINMAX_MIN_S
#undef MINMAX_MIN_U
#undef MINMAX_MAX_S
#undef MINMAX_MAX_U
#undef MINMAX_ABOVE
#undef MINMAX_EQUAL
