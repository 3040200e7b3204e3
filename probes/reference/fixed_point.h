// SPDX-License-Identifier: Apache-2.0
// Signed fixed-point numbers with 64 bits before and 192 after the point, for values that must be known far better than
// any unit computes them. Sums are exact; products and quotients are cut off towards zero, an error under 2^-192.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>

#include "probes/reference/soft_extended.h"

namespace assay::probes::reference {

class Fixed {
 public:
  static constexpr int kLimbs = 4;
  static constexpr int kFractionBits = 192;
  using Limbs = std::array<uint64_t, kLimbs>;  // lowest first

  Fixed() = default;
  explicit Fixed(uint64_t whole) { limbs_[3] = whole; }
  // Exact; exponents from -128 to 62.
  static Fixed of(Extended number);

  bool is_zero() const { return limbs_ == Limbs{}; }
  bool is_negative() const { return negative_; }
  const Limbs& limbs() const { return limbs_; }  // of the magnitude
  // The power of two of the leading bit; not of zero.
  int leading_exponent() const;

  Fixed operator-() const;
  Fixed magnitude() const;
  friend Fixed operator+(const Fixed& a, const Fixed& b);
  friend Fixed operator-(const Fixed& a, const Fixed& b) { return a + -b; }
  friend Fixed operator*(const Fixed& a, const Fixed& b);
  // b is not zero, and the quotient is under 2^63.
  friend Fixed operator/(const Fixed& a, const Fixed& b);
  // b from 1 to 2^32 - 1.
  friend Fixed operator/(const Fixed& a, uint64_t b);
  // Of the magnitudes.
  friend std::strong_ordering compare_magnitudes(const Fixed& a, const Fixed& b);
  // Times 2^by.
  Fixed shifted(int by) const;

 private:
  Limbs limbs_{};
  bool negative_ = false;
};

}  // namespace assay::probes::reference
