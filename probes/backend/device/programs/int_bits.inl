// SPDX-License-Identifier: Apache-2.0
// int.bits.chain (probes/catalogue/int_bits.h): sixteen chains, carried by one half of the team in even steps and by the other in odd ones. Accelerators
// gather and scatter bits by shifts and logic.
#define ASSAY_PROGRAM int_bits
#define ASSAY_TEAM 32
#define ASSAY_STATE_WORDS 48
#define ASSAY_SHARE_WORDS 0
#define ASSAY_PARAM_WORDS 128
#define ASSAY_ARENA_WORDS 0
#define ASSAY_OUT_WORDS 48
#define ASSAY_STEPS 64

ASSAY_FN assay_u64 int_bits_fold(assay_u64 word, assay_u64 with) { return assay_rotl_u64(word + with, 24); }
// By 0 .. 64 places.
ASSAY_FN assay_u64 int_bits_rotl(assay_u64 word, assay_u32 places) { return (word << (places % 64)) | (word >> ((64 - places % 64) % 64)); }

// The bits that move by 2^k places when those under `mask` are gathered (Warren, Hacker's Delight, 7-4), for k = 0 .. 5; uses `mask` and `zeros` up:
// *zeros has ones to the left of which an odd number of zeros of the mask is still to be counted.
ASSAY_FN assay_u64 int_bits_moves(assay_u64* mask, assay_u64* zeros, assay_u32 k) {
  assay_u64 parity = *zeros;
  for (assay_u32 by = 1; by < 64; by *= 2) {
    parity ^= parity << by;
  }
  const assay_u64 moves = parity & *mask;
  *mask = (*mask ^ moves) | (moves >> (1u << k));
  *zeros &= ~parity;
  return moves;
}

ASSAY_FN assay_u64 int_bits_pext(assay_u64 word, assay_u64 mask) {
  assay_u64 zeros = ~mask << 1;
  word &= mask;
  for (assay_u32 k = 0; k < 6; ++k) {
    const assay_u64 moving = word & int_bits_moves(&mask, &zeros, k);
    word = (word ^ moving) | (moving >> (1u << k));
  }
  return word;
}

ASSAY_FN assay_u64 int_bits_pdep(assay_u64 word, assay_u64 mask) {
  const assay_u64 places = mask;
  assay_u64 zeros = ~mask << 1;
  assay_u64 moves[6];
  ASSAY_UNROLL
  for (assay_u32 k = 0; k < 6; ++k) {
    moves[k] = int_bits_moves(&mask, &zeros, k);
  }
  ASSAY_UNROLL
  for (assay_u32 back = 0; back < 6; ++back) {
    const assay_u32 k = 5 - back;
    word = (word & ~moves[k]) | ((word << (1u << k)) & moves[k]);
  }
  return word & places;
}

// word mod 2^bits, bits 0 .. 63.
ASSAY_FN assay_u64 int_bits_low(assay_u64 word, assay_u32 bits) { return word & (((assay_u64)1 << bits) - 1); }

typedef struct IntBitsChain {
  assay_u64 x;
  assay_u64 y;
  assay_u64 h;
} IntBitsChain;

// The eight lines of the definition.
ASSAY_FN IntBitsChain int_bits_iterate(IntBitsChain s, assay_u64 c) {
  s.x = int_bits_pext(s.x, s.y) + int_bits_rotl(int_bits_pext(s.x, ~s.y), ASSAY_ONES_U64(s.y));
  s.y = int_bits_pdep(s.y, s.h) + int_bits_pdep(int_bits_rotl(s.y, 64 - ASSAY_ONES_U64(s.h)), ~s.h);
  s.h = int_bits_fold(s.h, int_bits_pext(s.x + c, s.y & assay_rotl_u64(s.x, 13)));
  s.x = int_bits_fold(s.x, int_bits_pdep(s.y, s.h | c));
  s.h = int_bits_fold(s.h, int_bits_low(s.x, (assay_u32)s.y & 63u));
  s.y = int_bits_fold(s.y, int_bits_low(s.h >> (s.x & 63u), (assay_u32)(s.x >> 8) & 63u));
  const assay_u64 shifted = s.y << (s.h & 63u);
  s.x = int_bits_fold(s.x, (shifted & (0 - shifted)) ^ (s.h & (s.h - 1)));
  const assay_u64 w = s.x << ((s.h >> 6) & 63u);
  s.y = int_bits_fold(s.y, w ^ (w - 1));
  return s;
}

ASSAY_FN void int_bits_step(ASSAY_LOCAL assay_u64* state, ASSAY_GLOBAL const assay_u64* params, ASSAY_GLOBAL assay_u64* out, assay_u32 me, assay_u32 step) {
  ASSAY_EACH_LANE(lane, me) {
    const assay_u32 chain = (lane + 16 * step) % 32;
    if (chain < 16) {
      IntBitsChain s;
      s.x = state[chain];
      s.y = state[16 + chain];
      s.h = state[32 + chain];
      for (assay_u32 i = 0; i < 64; ++i) {
        s = int_bits_iterate(s, params[i % 8 * 16 + chain]);
      }
      state[chain] = s.x;
      state[16 + chain] = s.y;
      state[32 + chain] = s.h;
      out[chain] = s.x;
      out[16 + chain] = s.y;
      out[32 + chain] = s.h;
    }
  }
}
