// SPDX-License-Identifier: Apache-2.0
// Operations that every dialect has, made of what C has in common. A dialect that has an instruction for one defines the macro before it includes
// frame.inl, with the same bits; nothing else of a dialect is optional.
#ifndef ASSAY_WORDS_INL
#define ASSAY_WORDS_INL

// The number of ones of a u64; of leading and of trailing zeros, 64 for the word 0.
#ifndef ASSAY_ONES_U64
#define ASSAY_ONES_U64(word) assay_ones_u64(word)
ASSAY_FN assay_u32 assay_ones_u64(assay_u64 word) {
  word -= (word >> 1) & 0x5555555555555555ul;
  word = (word & 0x3333333333333333ul) + ((word >> 2) & 0x3333333333333333ul);
  word = (word + (word >> 4)) & 0x0F0F0F0F0F0F0F0Ful;
  return (assay_u32)((word * 0x0101010101010101ul) >> 56);
}
#endif
#ifndef ASSAY_LEADING_U64
#define ASSAY_LEADING_U64(word) assay_leading_u64(word)
ASSAY_FN assay_u32 assay_leading_u64(assay_u64 word) {
  for (assay_u32 by = 1; by < 64; by *= 2) {
    word |= word >> by;
  }
  return 64 - ASSAY_ONES_U64(word);
}
#endif
#ifndef ASSAY_TRAILING_U64
#define ASSAY_TRAILING_U64(word) ASSAY_ONES_U64(~(word) & ((word) - 1))
#endif

// Differences: x - y is x + (-y) in IEEE arithmetic.
#ifndef ASSAY_NO_F64  // a dialect says so where a device has no FP64
ASSAY_FN double assay_sub_f64(double a, double b) { return assay_add_f64(a, -b); }
#endif
ASSAY_FN float assay_sub_f32(float a, float b) { return assay_add_f32(a, -b); }

// a * b + sum where product and sum are exact, so that one rounding or two make no difference.
#ifndef ASSAY_EXACT_FMA_F64
#define ASSAY_EXACT_FMA_F64(a, b, sum) assay_fma_f64((a), (b), (sum))
#define ASSAY_EXACT_FMA_F32(a, b, sum) assay_fma_f32((a), (b), (sum))
#endif

// Loads and stores of probes of device memory: as near to it as the device lets them.
#ifndef ASSAY_LOAD_MEMORY
#define ASSAY_LOAD_MEMORY(p) (*(p))
#define ASSAY_STORE_MEMORY(p, word) (*(p) = (word))
#endif

// Minima and maxima of numbers that are neither NaN nor zero.
#ifndef ASSAY_MIN_F64
#define ASSAY_MIN_F64(a, b) fmin((a), (b))
#define ASSAY_MAX_F64(a, b) fmax((a), (b))
#define ASSAY_MIN_F32(a, b) fmin((a), (b))
#define ASSAY_MAX_F32(a, b) fmax((a), (b))
#endif

// The integer nearest to a number that fits, ties to even.
#ifndef ASSAY_NEAREST_I64
#define ASSAY_NEAREST_I64(number) ((assay_i64)rint(number))  // of FP64
#define ASSAY_NEAREST_I32(number) ((assay_i32)rint(number))  // of FP64
#define ASSAY_NEAREST_I32_OF_F32(number) ((assay_i32)rint(number))
#endif

// FP16 by its bits, in the low half of a u32. No NaN comes in.
#ifndef ASSAY_F32_OF_F16
#define ASSAY_F32_OF_F16(bits16) assay_f32_of_f16(bits16)
ASSAY_FN float assay_f32_of_f16(assay_u32 bits16) {
  const assay_u32 sign = (bits16 & 0x8000u) << 16;
  const assay_u32 exponent = (bits16 >> 10) & 31u;
  const assay_u32 fraction = bits16 & 0x3FFu;
  if (exponent == 31) {
    return assay_f32_of(sign | 0x7F800000u | (fraction << 13));
  }
  if (exponent != 0) {
    return assay_f32_of(sign | ((exponent + 112) << 23) | (fraction << 13));
  }
  // A subnormal: fraction * 2^-24, exact.
  const float size = assay_mul_f32((float)fraction, assay_f32_of(0x33800000u));
  return assay_f32_of(sign | assay_bits_f32(size));
}
#endif
#ifndef ASSAY_F16_OF_F32
#define ASSAY_F16_OF_F32(number) assay_f16_of_f32(number)
ASSAY_FN assay_u32 assay_f16_of_f32(float number) {
  const assay_u32 bits = assay_bits_f32(number);
  const assay_u32 sign = (bits >> 16) & 0x8000u;
  const assay_u32 size = bits & 0x7FFFFFFFu;
  if (size >= 0x477FF000u) {  // to nearest, 65520 and more are infinite
    return sign | 0x7C00u;
  }
  if (size < 0x33000000u) {   // less than half of the smallest
    return sign;
  }
  const assay_u32 exponent = size >> 23;
  const assay_u32 significand = (size & 0x7FFFFFu) | 0x800000u;
  const assay_u32 dropped = exponent >= 113 ? 13 : 126 - exponent;  // bits below the last place, 13 .. 24
  const assay_u32 kept = significand >> dropped;
  const assay_u32 rest = significand & ((1u << dropped) - 1);
  const assay_u32 tie = 1u << (dropped - 1);
  const assay_u32 rounded = kept + (rest > tie || (rest == tie && (kept & 1u) != 0) ? 1u : 0u);
  // The leading one adds one to the exponent field, as a carry of rounding does.
  return sign | (exponent >= 113 ? rounded + ((exponent - 113) << 10) : rounded);
}
#endif
// BF16 of a finite FP32 that does not overflow, likewise.
#ifndef ASSAY_BF16_OF_F32
#define ASSAY_BF16_OF_F32(number) assay_bf16_of_f32(number)
ASSAY_FN assay_u32 assay_bf16_of_f32(float number) {
  const assay_u32 bits = assay_bits_f32(number);
  return (bits + 0x7FFFu + ((bits >> 16) & 1u)) >> 16;
}
#endif

#endif
