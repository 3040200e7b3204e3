// SPDX-License-Identifier: Apache-2.0
// FP16 in integers, one number a call, for the files whose instruction set has no such conversion. No NaNs. Included,
// inside an anonymous namespace, by those files.

// The FP32 number of an FP16 one: a subnormal is moved up until its leading bit is the hidden one.
inline uint32_t half_to_single(uint32_t half) {
  const uint32_t sign = (half & 0x8000) << 16;
  const uint32_t exponent = half >> 10 & 31;
  uint32_t fraction = half & 0x3FF;
  if (exponent == 31) return sign | 0x7F800000;
  if (exponent != 0) return sign | (exponent + 112) << 23 | fraction << 13;
  if (fraction == 0) return sign;
  uint32_t field = 113;
  while ((fraction & 0x400) == 0) {
    fraction <<= 1;
    --field;
  }
  return sign | field << 23 | (fraction & 0x3FF) << 13;
}

// The nearest FP16 number of an FP32 one, ties to even.
inline uint32_t single_to_half(uint32_t single) {
  const uint32_t sign = single >> 16 & 0x8000;
  const uint32_t magnitude = single & 0x7FFFFFFF;
  if (magnitude >= 0x477FF000) return sign | 0x7C00;  // from 65,520: half a step above the largest
  if (magnitude >= 0x38800000) {                      // from 2^-14: normal
    const uint32_t rebased = magnitude - 0x38000000;
    return sign | (rebased + 0xFFF + (rebased >> 13 & 1)) >> 13;
  }
  // In units of 2^-24.
  const uint32_t shift = 126 - (magnitude >> 23);
  if (shift > 24) return sign;
  const uint32_t mantissa = (magnitude & 0x7FFFFF) | 0x800000;
  const uint32_t kept = mantissa >> shift;
  const uint32_t rest = mantissa & ((1U << shift) - 1);
  const uint32_t tie = 1U << (shift - 1);
  return sign | (kept + (rest > tie || (rest == tie && (kept & 1) != 0) ? 1 : 0));
}
