// SPDX-License-Identifier: Apache-2.0
// int.mul32.chain (probes/catalogue/int_mul32.h): eight groups of 16 bytes, a lane each; a quarter of the team that changes with the step.
#define ASSAY_PROGRAM int_mul32
#define ASSAY_TEAM 32
#define ASSAY_STATE_WORDS 48
#define ASSAY_SHARE_WORDS 0
#define ASSAY_PARAM_WORDS 128
#define ASSAY_ARENA_WORDS 0
#define ASSAY_OUT_WORDS 48
#define ASSAY_STEPS 64

ASSAY_FN assay_u64 int_mul32_fold(assay_u64 word, assay_u64 with) { return assay_rotl_u64(word + with, 24); }

// Element `at` of `bits` bits: with a sign, without one, and put in its place.
ASSAY_FN assay_i32 int_mul32_signed(assay_u64 word, assay_u32 bits, assay_u32 at) {
  return (assay_i32)((assay_i64)(word << (64 - bits - at * bits)) >> (64 - bits));
}
ASSAY_FN assay_u32 int_mul32_unsigned(assay_u64 word, assay_u32 bits, assay_u32 at) {
  return (assay_u32)((word >> (at * bits)) & (((assay_u64)1 << bits) - 1));
}
ASSAY_FN assay_u64 int_mul32_put(assay_i64 value, assay_u32 bits, assay_u32 at) {
  return ((assay_u64)value & (((assay_u64)1 << bits) - 1)) << (at * bits);
}
ASSAY_FN assay_i32 int_mul32_clamp(assay_i32 value, assay_i32 least, assay_i32 most) { return value < least ? least : value > most ? most : value; }

// Lines of the definition for one word, by their instructions on x86.
ASSAY_FN assay_u64 int_mul32_pmulld(assay_u64 a, assay_u64 b) {
  return (assay_u64)((assay_u32)a * (assay_u32)b) | ((assay_u64)((assay_u32)(a >> 32) * (assay_u32)(b >> 32)) << 32);
}
ASSAY_FN assay_u64 int_mul32_pmuludq(assay_u64 a, assay_u64 b) { return (a & 0xFFFFFFFFu) * (b & 0xFFFFFFFFu); }
ASSAY_FN assay_u64 int_mul32_pmuldq(assay_u64 a, assay_u64 b) { return (assay_u64)(((assay_i64)a >> 32) * ((assay_i64)b >> 32)); }
ASSAY_FN assay_u64 int_mul32_pmaddwd(assay_u64 a, assay_u64 b) {
  assay_u64 result = 0;
  for (assay_u32 at = 0; at < 2; ++at) {
    const assay_i64 low = (assay_i64)int_mul32_signed(a, 16, 2 * at) * int_mul32_signed(b, 16, 2 * at);
    const assay_i64 high = (assay_i64)int_mul32_signed(a, 16, 2 * at + 1) * int_mul32_signed(b, 16, 2 * at + 1);
    result |= int_mul32_put(low + high, 32, at);
  }
  return result;
}
ASSAY_FN assay_u64 int_mul32_pmulhw(assay_u64 a, assay_u64 b) {
  assay_u64 result = 0;
  for (assay_u32 at = 0; at < 4; ++at) {
    result |= int_mul32_put((int_mul32_signed(a, 16, at) * int_mul32_signed(b, 16, at)) >> 16, 16, at);
  }
  return result;
}
ASSAY_FN assay_u64 int_mul32_pmulhuw(assay_u64 a, assay_u64 b) {
  assay_u64 result = 0;
  for (assay_u32 at = 0; at < 4; ++at) {
    result |= int_mul32_put((assay_i64)((int_mul32_unsigned(a, 16, at) * int_mul32_unsigned(b, 16, at)) >> 16), 16, at);
  }
  return result;
}
ASSAY_FN assay_u64 int_mul32_pmullw(assay_u64 a, assay_u64 b) {
  assay_u64 result = 0;
  for (assay_u32 at = 0; at < 4; ++at) {
    const assay_u32 product = int_mul32_unsigned(a, 16, at) * int_mul32_unsigned(b, 16, at);
    result |= int_mul32_put((assay_i64)product, 16, at);
  }
  return result;
}
ASSAY_FN assay_u64 int_mul32_pmulhrsw(assay_u64 a, assay_u64 b) {
  assay_u64 result = 0;
  for (assay_u32 at = 0; at < 4; ++at) {
    result |= int_mul32_put((int_mul32_signed(a, 16, at) * int_mul32_signed(b, 16, at) + 0x4000) >> 15, 16, at);
  }
  return result;
}
ASSAY_FN assay_u64 int_mul32_pmaddubsw(assay_u64 a, assay_u64 b) {
  assay_u64 result = 0;
  for (assay_u32 at = 0; at < 4; ++at) {
    const assay_i32 low = (assay_i32)int_mul32_unsigned(a, 8, 2 * at) * int_mul32_signed(b, 8, 2 * at);
    const assay_i32 high = (assay_i32)int_mul32_unsigned(a, 8, 2 * at + 1) * int_mul32_signed(b, 8, 2 * at + 1);
    result |= int_mul32_put(int_mul32_clamp(low + high, -32768, 32767), 16, at);
  }
  return result;
}
ASSAY_FN assay_u64 int_mul32_paddsw(assay_u64 a, assay_u64 b) {
  assay_u64 result = 0;
  for (assay_u32 at = 0; at < 4; ++at) {
    result |= int_mul32_put(int_mul32_clamp(int_mul32_signed(a, 16, at) + int_mul32_signed(b, 16, at), -32768, 32767), 16, at);
  }
  return result;
}
ASSAY_FN assay_u64 int_mul32_psubusb(assay_u64 a, assay_u64 b) {
  assay_u64 result = 0;
  for (assay_u32 at = 0; at < 8; ++at) {
    const assay_i32 difference = (assay_i32)int_mul32_unsigned(a, 8, at) - (assay_i32)int_mul32_unsigned(b, 8, at);
    result |= int_mul32_put(int_mul32_clamp(difference, 0, 255), 8, at);
  }
  return result;
}
ASSAY_FN assay_u64 int_mul32_paddusw(assay_u64 a, assay_u64 b) {
  assay_u64 result = 0;
  for (assay_u32 at = 0; at < 4; ++at) {
    const assay_i32 sum = (assay_i32)(int_mul32_unsigned(a, 16, at) + int_mul32_unsigned(b, 16, at));
    result |= int_mul32_put(int_mul32_clamp(sum, 0, 65535), 16, at);
  }
  return result;
}
// The four dwords of two words, shifted and packed into one; the eight half words likewise.
ASSAY_FN assay_u64 int_mul32_packssdw(assay_u64 low, assay_u64 high) {
  assay_u64 result = 0;
  for (assay_u32 at = 0; at < 4; ++at) {
    result |= int_mul32_put(int_mul32_clamp(int_mul32_signed(at < 2 ? low : high, 32, at % 2) >> 15, -32768, 32767), 16, at);
  }
  return result;
}
ASSAY_FN assay_u64 int_mul32_packuswb(assay_u64 low, assay_u64 high) {
  assay_u64 result = 0;
  for (assay_u32 at = 0; at < 8; ++at) {
    result |= int_mul32_put(int_mul32_clamp(int_mul32_signed(at < 4 ? low : high, 16, at % 4) >> 7, 0, 255), 8, at);
  }
  return result;
}
ASSAY_FN assay_u64 int_mul32_psadbw(assay_u64 a, assay_u64 b) {
  assay_u64 sum = 0;
  for (assay_u32 at = 0; at < 8; ++at) {
    const assay_u32 p = int_mul32_unsigned(a, 8, at);
    const assay_u32 q = int_mul32_unsigned(b, 8, at);
    sum += p > q ? p - q : q - p;
  }
  return sum;
}

// The fifteen lines for one group: x, y and h have two words each.
ASSAY_FN void int_mul32_iterate(assay_u64* x, assay_u64* y, assay_u64* h, ASSAY_GLOBAL const assay_u64* c) {
  ASSAY_UNROLL
  for (assay_u32 w = 0; w < 2; ++w) {
    h[w] = int_mul32_fold(h[w], int_mul32_pmulld(x[w] ^ c[w], y[w]));
    x[w] = int_mul32_fold(x[w], int_mul32_pmuludq(y[w], h[w]));
    y[w] = int_mul32_fold(y[w], int_mul32_pmuldq(h[w], x[w]));
    h[w] = int_mul32_fold(h[w], int_mul32_pmaddwd(x[w], y[w]));
    x[w] = int_mul32_fold(x[w], int_mul32_pmulhw(y[w], h[w]));
    y[w] = int_mul32_fold(y[w], int_mul32_pmulhuw(h[w], x[w]));
    h[w] = int_mul32_fold(h[w], int_mul32_pmullw(x[w], y[w]));
    x[w] = int_mul32_fold(x[w], int_mul32_pmulhrsw(y[w], h[w]));
    y[w] = int_mul32_fold(y[w], int_mul32_pmaddubsw(h[w], x[w]));
    h[w] = int_mul32_fold(h[w], int_mul32_paddsw(x[w], y[w]));
    x[w] = int_mul32_fold(x[w], int_mul32_psubusb(y[w], h[w]));
    y[w] = int_mul32_fold(y[w], int_mul32_paddusw(h[w], x[w]));
  }
  h[0] = int_mul32_fold(h[0], int_mul32_packssdw(x[0], x[1]));
  h[1] = int_mul32_fold(h[1], int_mul32_packssdw(y[0], y[1]));
  x[0] = int_mul32_fold(x[0], int_mul32_packuswb(y[0], y[1]));
  x[1] = int_mul32_fold(x[1], int_mul32_packuswb(h[0], h[1]));
  ASSAY_UNROLL
  for (assay_u32 w = 0; w < 2; ++w) {
    y[w] = int_mul32_fold(y[w], int_mul32_psadbw(h[w], x[w]));
  }
}

ASSAY_FN void int_mul32_step(ASSAY_LOCAL assay_u64* state, ASSAY_GLOBAL const assay_u64* params, ASSAY_GLOBAL assay_u64* out, assay_u32 me, assay_u32 step) {
  ASSAY_EACH_LANE(lane, me) {
    const assay_u32 group = (lane + 8 * step) % 32;
    if (group < 8) {
      assay_u64 x[2];
      assay_u64 y[2];
      assay_u64 h[2];
      ASSAY_UNROLL
  for (assay_u32 w = 0; w < 2; ++w) {
        x[w] = state[2 * group + w];
        y[w] = state[16 + 2 * group + w];
        h[w] = state[32 + 2 * group + w];
      }
      for (assay_u32 i = 0; i < 128; ++i) {
        int_mul32_iterate(x, y, h, params + i % 8 * 16 + 2 * group);
      }
      ASSAY_UNROLL
  for (assay_u32 w = 0; w < 2; ++w) {
        state[2 * group + w] = x[w];
        state[16 + 2 * group + w] = y[w];
        state[32 + 2 * group + w] = h[w];
        out[2 * group + w] = x[w];
        out[16 + 2 * group + w] = y[w];
        out[32 + 2 * group + w] = h[w];
      }
    }
  }
}
