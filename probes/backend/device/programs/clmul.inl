// SPDX-License-Identifier: Apache-2.0
// clmul.chain (probes/catalogue/clmul.h): sixteen chains, carried by one half of the team in even steps and by the other in odd ones. Accelerators have
// no carry-less multiplier; the integer multiplier does it on operands with holes, into which carries fall (T. Pornin, BearSSL, ghash_ctmul64).
#define ASSAY_PROGRAM clmul
#define ASSAY_TEAM 32
#define ASSAY_STATE_WORDS 64
#define ASSAY_SHARE_WORDS 0
#define ASSAY_PARAM_WORDS 512
#define ASSAY_ARENA_WORDS 0
#define ASSAY_OUT_WORDS 64
#define ASSAY_STEPS 16

typedef struct ClmulLane {
  assay_u64 low;
  assay_u64 high;
} ClmulLane;

ASSAY_FN assay_u64 clmul_fold(assay_u64 word, assay_u64 with) { return assay_rotl_u64(word + with, 24); }

ASSAY_FN assay_u64 clmul_reverse(assay_u64 word) {
  word = ((word >> 1) & 0x5555555555555555ul) | ((word & 0x5555555555555555ul) << 1);
  word = ((word >> 2) & 0x3333333333333333ul) | ((word & 0x3333333333333333ul) << 2);
  word = ((word >> 4) & 0x0F0F0F0F0F0F0F0Ful) | ((word & 0x0F0F0F0F0F0F0F0Ful) << 4);
  word = ((word >> 8) & 0x00FF00FF00FF00FFul) | ((word & 0x00FF00FF00FF00FFul) << 8);
  word = ((word >> 16) & 0x0000FFFF0000FFFFul) | ((word & 0x0000FFFF0000FFFFul) << 16);
  return (word >> 32) | (word << 32);
}

// The low half of a product. A quarter of the bits of each operand at a time: at most 16 products meet in one place, and their carries stay in the
// three places between.
ASSAY_FN assay_u64 clmul_low(assay_u64 a, assay_u64 b) {
  assay_u64 result = 0;
  ASSAY_UNROLL
  for (assay_u32 place = 0; place < 4; ++place) {
    assay_u64 sum = 0;
    ASSAY_UNROLL
    for (assay_u32 of_a = 0; of_a < 4; ++of_a) {
      sum ^= (a & (0x1111111111111111ul << of_a)) * (b & (0x1111111111111111ul << ((place + 4 - of_a) % 4)));
    }
    result |= sum & (0x1111111111111111ul << place);
  }
  return result;
}

ASSAY_FN ClmulLane clmul_product(assay_u64 a, assay_u64 b) {
  ClmulLane result;
  result.low = clmul_low(a, b);
  result.high = clmul_reverse(clmul_low(clmul_reverse(a), clmul_reverse(b))) >> 1;
  return result;
}

// x k modulo t^128 + t^7 + t^2 + t + 1.
ASSAY_FN ClmulLane clmul_field(ClmulLane x, ClmulLane k) {
  const ClmulLane bottom = clmul_product(x.low, k.low);
  const ClmulLane top = clmul_product(x.high, k.high);
  const ClmulLane left = clmul_product(x.high, k.low);
  const ClmulLane right = clmul_product(x.low, k.high);
  const assay_u64 p1 = bottom.high ^ left.low ^ right.low;
  const assay_u64 p2 = top.low ^ left.high ^ right.high;
  const assay_u64 p3 = top.high;
  const assay_u64 over = (p3 >> 63) ^ (p3 >> 62) ^ (p3 >> 57);  // of the fold's own fold
  ClmulLane result;
  result.low = bottom.low ^ p2 ^ (p2 << 1) ^ (p2 << 2) ^ (p2 << 7) ^ over ^ (over << 1) ^ (over << 2) ^ (over << 7);
  result.high = p1 ^ p3 ^ ((p3 << 1) | (p2 >> 63)) ^ ((p3 << 2) | (p2 >> 62)) ^ ((p3 << 7) | (p2 >> 57));
  return result;
}

ASSAY_FN void clmul_step(ASSAY_LOCAL assay_u64* state, ASSAY_GLOBAL const assay_u64* params, ASSAY_GLOBAL assay_u64* out, assay_u32 me, assay_u32 step) {
  ASSAY_EACH_LANE(lane, me) {
    const assay_u32 chain = (lane + 16 * step) % 32;
    if (chain < 16) {
      ClmulLane x;
      x.low = state[2 * chain];
      x.high = state[2 * chain + 1];
      assay_u64 low = state[32 + 2 * chain];
      assay_u64 high = state[33 + 2 * chain];
      for (assay_u32 i = 0; i < 512; ++i) {
        ASSAY_GLOBAL const assay_u64* at = params + i % 8 * 32 + 2 * chain;
        const ClmulLane product = clmul_product(x.low ^ at[256], x.high);
        low = clmul_fold(low, product.low);
        high = clmul_fold(high, product.high);
        ClmulLane k;
        k.low = at[0];
        k.high = at[1];
        x = clmul_field(x, k);
        x.low += low;
        x.high += high;
      }
      state[2 * chain] = x.low;
      state[2 * chain + 1] = x.high;
      state[32 + 2 * chain] = low;
      state[33 + 2 * chain] = high;
      out[2 * chain] = x.low;
      out[2 * chain + 1] = x.high;
      out[32 + 2 * chain] = low;
      out[33 + 2 * chain] = high;
    }
  }
}
