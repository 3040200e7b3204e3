// SPDX-License-Identifier: Apache-2.0
// The narrow floating-point formats of matrix units: how a code of so many bits stands for a number. The sign is the
// top bit, then the exponent, then the mantissa, all at the low end of the code.
#pragma once

#include <bit>
#include <cstdint>

namespace assay::probes {

struct NarrowFloat {
  int exponent_bits = 0;
  int mantissa_bits = 0;  // without the hidden one
  int bias = 0;

  constexpr int bits() const { return 1 + exponent_bits + mantissa_bits; }
  constexpr int significand_bits() const { return mantissa_bits + 1; }
  constexpr int least_exponent() const { return 1 - bias; }  // of normal numbers; subnormals share it
  constexpr uint32_t sign_bit() const { return 1U << (exponent_bits + mantissa_bits); }

  // The code of magnitude * 2^exponent. The caller sees to it that it is a number of the format, possibly subnormal:
  // no rounding, no range check.
  constexpr uint32_t encode(bool negative, uint32_t magnitude, int exponent) const {
    const uint32_t sign = negative ? sign_bit() : 0;
    if (magnitude == 0) return sign;
    const int top = static_cast<int>(std::bit_width(magnitude)) - 1;
    const int biased = top + exponent + bias;
    const int shift = biased >= 1 ? mantissa_bits - top : mantissa_bits + exponent - least_exponent();
    const uint32_t mantissa = shift >= 0 ? magnitude << shift : magnitude >> -shift;
    return sign | (biased >= 1 ? static_cast<uint32_t>(biased) << mantissa_bits : 0) |
           (mantissa & ((1U << mantissa_bits) - 1));
  }
  friend constexpr bool operator==(const NarrowFloat&, const NarrowFloat&) = default;
};

// IEEE 754 binary16; bfloat16; the 19 bits that tensor units use of a 32-bit word (in the high bits there: the code is
// kTf32's shifted left by 13).
inline constexpr NarrowFloat kFp16{5, 10, 15};
inline constexpr NarrowFloat kBf16{8, 7, 127};
inline constexpr NarrowFloat kTf32{8, 10, 127};
// OCP 8-bit Floating Point Specification 1.0: e4m3 has no infinity, its all-ones codes are NaN.
inline constexpr NarrowFloat kE4m3{4, 3, 7};
inline constexpr NarrowFloat kE5m2{5, 2, 15};
// OCP Microscaling Formats (MX) Specification 1.0, section 5.3: no infinity, no NaN.
inline constexpr NarrowFloat kE2m3{2, 3, 1};
inline constexpr NarrowFloat kE3m2{3, 2, 3};
inline constexpr NarrowFloat kE2m1{2, 1, 1};
// The block scale of MX: 2^(code - 127), code 255 is NaN (same, section 5.4).
inline constexpr int kE8m0Bias = 127;

}  // namespace assay::probes
