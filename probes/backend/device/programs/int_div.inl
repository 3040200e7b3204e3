// SPDX-License-Identifier: Apache-2.0
// int.div.chain (probes/catalogue/int_div.h): sixteen chains, carried by one half of the team in even steps and by the other in odd ones.
#define ASSAY_PROGRAM int_div
#define ASSAY_TEAM 32
#define ASSAY_STATE_WORDS 48
#define ASSAY_SHARE_WORDS 0
#define ASSAY_PARAM_WORDS 256
#define ASSAY_ARENA_WORDS 0
#define ASSAY_OUT_WORDS 48
#define ASSAY_STEPS 64

typedef struct IntDivQuotient {
  assay_u64 quotient;
  assay_u64 remainder;
} IntDivQuotient;

ASSAY_FN assay_u64 int_div_fold(assay_u64 word, assay_u64 with) { return assay_rotl_u64(word + with, 24); }

// One digit of 32 bits of a quotient (Knuth, algorithm D): of (high:digit) by a divisor of 64 bits whose top bit is set, high below it.
ASSAY_FN assay_u64 int_div_digit(assay_u64 high, assay_u32 digit, assay_u64 divisor) {
  const assay_u64 top = divisor >> 32;
  const assay_u64 rest = divisor & 0xFFFFFFFFu;
  assay_u64 quotient = high / top;
  assay_u64 remainder = high - quotient * top;
  while ((quotient >> 32) != 0 || quotient * rest > ((remainder << 32) | digit)) {
    quotient -= 1;
    remainder += top;
    if ((remainder >> 32) != 0) {
      break;
    }
  }
  return quotient;
}

// (high:low) by a divisor above high, two digits one after the other.
ASSAY_FN IntDivQuotient int_div_wide(assay_u64 high, assay_u64 low, assay_u64 divisor) {
  const assay_u32 shift = ASSAY_LEADING_U64(divisor);
  const assay_u64 scaled = divisor << shift;
  const assay_u64 upper = (high << shift) | (low >> 1 >> (63 - shift));
  const assay_u64 lower = low << shift;
  const assay_u64 first = int_div_digit(upper, (assay_u32)(lower >> 32), scaled);
  const assay_u64 middle = ((upper << 32) | (lower >> 32)) - first * scaled;
  const assay_u64 second = int_div_digit(middle, (assay_u32)lower, scaled);
  IntDivQuotient result;
  result.quotient = (first << 32) + second;
  result.remainder = (((middle << 32) | (lower & 0xFFFFFFFFu)) - second * scaled) >> shift;
  return result;
}

// The five lines of the definition.
typedef struct IntDivChain {
  assay_u64 x;
  assay_u64 y;
  assay_u64 h;
} IntDivChain;

ASSAY_FN IntDivChain int_div_iterate(IntDivChain s, assay_u64 c, assay_u32 s6, assay_u32 s5) {
  const assay_u64 n1 = s.x + c;
  const assay_u64 d1 = (s.y >> s6) | 1;
  s.h = int_div_fold(int_div_fold(s.h, n1 / d1), n1 % d1);
  const assay_i64 n2 = (assay_i64)s.y;
  const assay_i64 d2 = (((assay_i64)s.h >> s6) & ~(assay_i64)2) | 1;
  s.x = int_div_fold(int_div_fold(s.x, (assay_u64)(n2 / d2)), (assay_u64)(n2 % d2));
  const IntDivQuotient wide = int_div_wide(s.h >> 1 >> s6, s.x ^ c, (s.x | 0x8000000000000000ul) >> s6);
  s.y = int_div_fold(int_div_fold(s.y, wide.quotient), wide.remainder);
  const assay_u32 n4 = (assay_u32)s.x;
  const assay_u32 d4 = ((assay_u32)s.y >> s5) | 1;
  s.h = int_div_fold(s.h, (n4 / d4) + ((assay_u64)(n4 % d4) << 32));
  const assay_i32 n5 = (assay_i32)(assay_u32)(s.h >> 32);
  const assay_i32 d5 = (((assay_i32)(assay_u32)(s.y >> 32) >> s5) & ~2) | 1;
  s.x = int_div_fold(s.x, (assay_u64)(assay_u32)(n5 / d5) + ((assay_u64)(assay_u32)(n5 % d5) << 32));
  return s;
}

ASSAY_FN void int_div_step(ASSAY_LOCAL assay_u64* state, ASSAY_GLOBAL const assay_u64* params, ASSAY_GLOBAL assay_u64* out, assay_u32 me, assay_u32 step) {
  ASSAY_EACH_LANE(lane, me) {
    const assay_u32 chain = (lane + 16 * step) % 32;
    if (chain < 16) {
      IntDivChain s;
      s.x = state[chain];
      s.y = state[16 + chain];
      s.h = state[32 + chain];
      for (assay_u32 i = 0; i < 128; ++i) {
        const assay_u32 shifts = (assay_u32)params[128 + i % 8 * 16 + chain];
        s = int_div_iterate(s, params[i % 8 * 16 + chain], shifts & 63u, (shifts >> 8) & 31u);
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
