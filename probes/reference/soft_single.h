// SPDX-License-Identifier: Apache-2.0
// FP32 numbers that compute with soft_float, so that a reference reads like the mathematics.
#pragma once

#include <bit>
#include <cstdint>

#include "probes/reference/soft_float.h"

namespace assay::probes::reference {

struct Single {
  uint32_t bits = 0;  // +0

  Single() = default;
  // A constant of a definition.
  explicit Single(float value) : bits(std::bit_cast<uint32_t>(value)) {}
  static Single of_bits(uint64_t pattern) {
    Single number;
    number.bits = static_cast<uint32_t>(pattern);
    return number;
  }
};

inline Single operator+(Single a, Single b) { return Single::of_bits(soft_add(kBinary32, a.bits, b.bits)); }
inline Single operator-(Single a, Single b) { return Single::of_bits(soft_subtract(kBinary32, a.bits, b.bits)); }
inline Single operator*(Single a, Single b) { return Single::of_bits(soft_multiply(kBinary32, a.bits, b.bits)); }
inline Single operator/(Single a, Single b) { return Single::of_bits(soft_divide(kBinary32, a.bits, b.bits)); }
// a * b + c, one rounding.
inline Single fused(Single a, Single b, Single c) { return Single::of_bits(soft_fma(kBinary32, a.bits, b.bits, c.bits)); }
inline Single root(Single a) { return Single::of_bits(soft_sqrt(kBinary32, a.bits)); }
inline Single greater(Single a, Single b) { return soft_less(kBinary32, b.bits, a.bits) ? a : b; }

}  // namespace assay::probes::reference
