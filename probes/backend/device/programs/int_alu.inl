// SPDX-License-Identifier: Apache-2.0
// int.alu.chain (probes/catalogue/int_alu.h): sixteen chains, carried by one half of the team in even steps and by the other in odd ones.
#define ASSAY_PROGRAM int_alu
#define ASSAY_TEAM 32
#define ASSAY_STATE_WORDS 64
#define ASSAY_SHARE_WORDS 0
#define ASSAY_PARAM_WORDS 256
#define ASSAY_ARENA_WORDS 0
#define ASSAY_OUT_WORDS 64
#define ASSAY_STEPS 32

// The words of one chain.
typedef struct IntAluChain {
  assay_u64 x;
  assay_u64 y;
  assay_u64 z;
  assay_u64 h;
} IntAluChain;

ASSAY_FN assay_u64 int_alu_fold(assay_u64 word, assay_u64 with) { return assay_rotl_u64(word + with, 24); }

// By 0 .. 63 places.
ASSAY_FN assay_u64 int_alu_rotate(assay_u64 word, assay_u32 places) { return (word << places) | (word >> ((64 - places) % 64)); }

// The high half of (high:low) shifted to the left by 0 .. 63 places.
ASSAY_FN assay_u64 int_alu_funnel(assay_u64 high, assay_u64 low, assay_u32 places) { return (high << places) | (low >> 1 >> (63 - places)); }

ASSAY_FN assay_u64 int_alu_swap_bytes(assay_u64 word) {
  word = ((word >> 8) & 0x00FF00FF00FF00FFul) | ((word & 0x00FF00FF00FF00FFul) << 8);
  word = ((word >> 16) & 0x0000FFFF0000FFFFul) | ((word & 0x0000FFFF0000FFFFul) << 16);
  return (word >> 32) | (word << 32);
}

ASSAY_FN assay_u32 int_alu_low6(assay_u64 word, assay_u32 from) { return (assay_u32)(word >> from) & 63u; }

// The fourteen lines of the definition.
ASSAY_FN IntAluChain int_alu_iterate(IntAluChain s, assay_u64 c, assay_u64 d) {
  s.x += c;
  s.y += d + (s.x < c ? 1u : 0u);
  const assay_u64 borrow = s.z < s.x ? 1u : 0u;
  s.z -= s.x;
  s.h = s.h - s.y - borrow;
  s.x = int_alu_rotate(s.x, int_alu_low6(s.z, 0));
  s.y = int_alu_rotate(s.y, int_alu_low6(0 - s.z, 6));
  s.z = int_alu_fold(s.z, (s.x << int_alu_low6(s.h, 0)) ^ (s.y >> int_alu_low6(s.h, 6)));
  s.z = int_alu_fold(s.z, (assay_u64)((assay_i64)s.x >> int_alu_low6(s.h, 12)));
  s.h = int_alu_fold(s.h, int_alu_funnel(s.x, s.y, int_alu_low6(s.z, 0)));
  s.h ^= s.x & s.y;
  s.y ^= ~s.h & s.z;
  s.x ^= s.z | s.h;
  s.z += (s.x & s.y) | (s.x & s.h) | (s.y & s.h);
  s.h = int_alu_fold(s.h, (s.x & s.y) | (~s.x & s.z));
  s.x = int_alu_fold(s.x, ASSAY_ONES_U64(s.y) + ((assay_u64)ASSAY_LEADING_U64(s.z >> int_alu_low6(s.h, 0)) << 8) +
                              ((assay_u64)ASSAY_TRAILING_U64(s.y << int_alu_low6(s.h, 6)) << 16));
  s.y = int_alu_swap_bytes(s.y);
  s.z = int_alu_fold(s.z, s.x < s.y ? s.h : c);
  s.h = int_alu_fold(s.h, (assay_i64)s.x < (assay_i64)s.z ? s.y : d);
  return s;
}

ASSAY_FN void int_alu_step(ASSAY_LOCAL assay_u64* state, ASSAY_GLOBAL const assay_u64* params, ASSAY_GLOBAL assay_u64* out, assay_u32 me, assay_u32 step) {
  ASSAY_EACH_LANE(lane, me) {
    const assay_u32 chain = (lane + 16 * step) % 32;
    if (chain < 16) {
      IntAluChain s;
      s.x = state[chain];
      s.y = state[16 + chain];
      s.z = state[32 + chain];
      s.h = state[48 + chain];
      for (assay_u32 i = 0; i < 256; ++i) {
        s = int_alu_iterate(s, params[i % 8 * 16 + chain], params[128 + i % 8 * 16 + chain]);
      }
      state[chain] = s.x;
      state[16 + chain] = s.y;
      state[32 + chain] = s.z;
      state[48 + chain] = s.h;
      out[chain] = s.x;
      out[16 + chain] = s.y;
      out[32 + chain] = s.z;
      out[48 + chain] = s.h;
    }
  }
}
