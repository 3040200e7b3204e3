// SPDX-License-Identifier: Apache-2.0
// What the C text of native.py needs: whole numbers with shifts of any size, memory with bounds, and IEEE operations that round once to nearest, as the
// host computes them. NaN results are the canonical ones, as in ieee.py.
#pragma once

#include <math.h>
#include <stdint.h>
#include <string.h>

typedef unsigned long long u64;
typedef long long i64;
typedef unsigned __int128 u128;
typedef __int128 i128;

enum { FINE, OUTSIDE, UNALIGNED, TRAPPED, CALLED };

struct Run {
  uint8_t* memory;
  u64 bytes;         // of memory, a multiple of 8
  u64 instructions;  // of lanes, so far
  u64 ticks;
  u64 code, line, address, size;  // of a failure
  u64 (*call[64])(u64, u64, u64, u64);
};

#define FAIL(what, at_line, where, how_many) \
  do {                                       \
    run->code = (what);                      \
    run->line = (at_line);                   \
    run->address = (where);                  \
    run->size = (how_many);                  \
    goto failed;                             \
  } while (0)
#define CELL_1 uint8_t
#define CELL_2 uint16_t
#define CELL_4 uint32_t
#define CELL_8 uint64_t
// Of cell `index`; a wrapped product cannot slip through: the index is compared before it is multiplied.
#define PLACE(size, index, line)                          \
  u64 index_ = (index);                                   \
  if (index_ >= run->bytes / (size)) FAIL(OUTSIDE, line, index_, size)
#define LOAD(size, index, line)                           \
  ({                                                      \
    PLACE(size, index, line);                             \
    (u64)((CELL_##size*)run->memory)[index_];             \
  })
#define STORE(size, index, value, line)                   \
  do {                                                    \
    u64 value_ = (value);                                 \
    PLACE(size, index, line);                             \
    ((CELL_##size*)run->memory)[index_] = (CELL_##size)value_; \
  } while (0)
#define CALL(line, text)                                  \
  ({                                                      \
    u64 got_ = (text);                                    \
    if (run->code) FAIL(CALLED, line, 0, 0);              \
    got_;                                                 \
  })
#define CLOCK() (run->ticks += 8, run->ticks + (run->instructions + done) / 32)

#define OF_TYPE(T, bits)                                                                  \
  static inline T shl_##T(T a, u64 n) { return n >= bits ? 0 : (T)(a << n); }             \
  static inline T shr_##T(T a, u64 n) { return n >= bits ? (a < 0 ? (T)-1 : 0) : a >> n; } \
  static inline T min_##T(T a, T b) { return a < b ? a : b; }                             \
  static inline T max_##T(T a, T b) { return a < b ? b : a; }                             \
  static inline T abs_##T(T a) { return a < 0 ? -a : a; }
OF_TYPE(u64, 64)
OF_TYPE(i64, 64)
OF_TYPE(u128, 128)
OF_TYPE(i128, 128)
static inline u64 bit_count(u64 a) { return (u64)__builtin_popcountll(a); }
static inline u64 bit_length(u64 a) { return a == 0 ? 0 : 64 - (u64)__builtin_clzll(a); }
// Toward zero; by zero as integer_ops.py has it.
static inline i128 f_div(i128 a, i128 b) { return b == 0 ? -1 : a / b; }
static inline i128 f_rem(i128 a, i128 b) { return b == 0 ? a : a % b; }

static inline double f64_of(u64 bits) { double x; memcpy(&x, &bits, 8); return x; }
static inline u64 of_f64(double x) { u64 bits; memcpy(&bits, &x, 8); return x != x ? 0xFFF8000000000000ULL : bits; }
static inline float f32_of(u64 bits) { uint32_t low = (uint32_t)bits; float x; memcpy(&x, &low, 4); return x; }
static inline u64 of_f32(float x) { uint32_t bits; memcpy(&bits, &x, 4); return x != x ? 0x7FFFFFFFULL : bits; }
#define ROUNDED(name, letter)                                                                                                                          \
  static inline u64 f_fma_##name##_rn_False(u64 a, u64 b, u64 c) { return of_##name(__builtin_fma##letter(name##_of(a), name##_of(b), name##_of(c))); } \
  static inline u64 f_add_##name##_rn_False(u64 a, u64 b) { return of_##name(name##_of(a) + name##_of(b)); }                                           \
  static inline u64 f_sub_##name##_rn_False(u64 a, u64 b) { return of_##name(name##_of(a) - name##_of(b)); }                                           \
  static inline u64 f_mul_##name##_rn_False(u64 a, u64 b) { return of_##name(name##_of(a) * name##_of(b)); }                                           \
  static inline u64 f_div_##name##_rn_False(u64 a, u64 b) { return of_##name(name##_of(a) / name##_of(b)); }                                           \
  static inline u64 f_sqrt_##name##_rn_False(u64 a) { return of_##name(__builtin_sqrt##letter(name##_of(a))); }                                        \
  static inline u64 f_cmp_lt_##name##_False(u64 a, u64 b) { return name##_of(a) < name##_of(b); }                                                      \
  static inline u64 f_cmp_le_##name##_False(u64 a, u64 b) { return name##_of(a) <= name##_of(b); }                                                     \
  static inline u64 f_cmp_gt_##name##_False(u64 a, u64 b) { return name##_of(a) > name##_of(b); }                                                      \
  static inline u64 f_cmp_ge_##name##_False(u64 a, u64 b) { return name##_of(a) >= name##_of(b); }                                                     \
  static inline u64 f_cmp_eq_##name##_False(u64 a, u64 b) { return name##_of(a) == name##_of(b); }
ROUNDED(f64, )
ROUNDED(f32, f)
static inline u64 f_neg_f64_False(u64 a) { return a ^ 1ULL << 63; }
static inline u64 f_neg_f32_False(u64 a) { return a ^ 1ULL << 31; }
static inline u64 f_cvt_f64_f32(u64 a) { return of_f64(f32_of(a)); }
static inline u64 f_cvt_rn_f32_f64(u64 a) { return of_f32((float)f64_of(a)); }
