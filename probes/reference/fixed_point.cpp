// SPDX-License-Identifier: Apache-2.0
#include "probes/reference/fixed_point.h"

#include <bit>
#include <cstddef>

#include "common/base/check.h"

namespace assay::probes::reference {
namespace {

__extension__ using Wide = unsigned __int128;
using Limbs = Fixed::Limbs;

std::strong_ordering compare(const Limbs& a, const Limbs& b) {
  for (size_t i = a.size(); i-- > 0;) {
    if (a[i] != b[i]) return a[i] <=> b[i];
  }
  return std::strong_ordering::equal;
}
Limbs add(const Limbs& a, const Limbs& b) {
  Limbs sum;
  Wide carry = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    carry += static_cast<Wide>(a[i]) + b[i];
    sum[i] = static_cast<uint64_t>(carry);
    carry >>= 64;
  }
  ASSAY_CHECK(carry == 0);
  return sum;
}
// a >= b.
Limbs subtract(const Limbs& a, const Limbs& b) {
  Limbs difference;
  uint64_t borrow = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    const Wide taken = static_cast<Wide>(b[i]) + borrow;
    borrow = a[i] < taken ? 1 : 0;
    difference[i] = static_cast<uint64_t>(a[i] - taken);
  }
  return difference;
}
// Twice a, and a bit below.
Limbs twice(const Limbs& a, uint64_t below) {
  Limbs result;
  for (size_t i = 0; i < a.size(); ++i) {
    result[i] = a[i] << 1 | below;
    below = a[i] >> 63;
  }
  return result;
}

}  // namespace

Fixed Fixed::of(Extended number) {
  Fixed result;
  if (number.mantissa == 0) return result;
  const int exponent = (number.sign_exponent & 0x7FFF) - 16383;
  ASSAY_CHECK(exponent >= -128 && exponent <= 62);
  // Bit 0 of the mantissa has the weight 2^(exponent - 63).
  const int at = kFractionBits + exponent - 63;
  const auto limb = static_cast<size_t>(at / 64);
  const int by = at % 64;
  result.limbs_[limb] = number.mantissa << by;
  if (by != 0) result.limbs_[limb + 1] = number.mantissa >> (64 - by);
  result.negative_ = (number.sign_exponent & 0x8000) != 0;
  return result;
}

int Fixed::leading_exponent() const {
  for (int i = kLimbs - 1; i >= 0; --i) {
    const uint64_t limb = limbs_[static_cast<size_t>(i)];
    if (limb != 0) return 64 * i + 63 - std::countl_zero(limb) - kFractionBits;
  }
  ASSAY_CHECK(false);
  return 0;
}

Fixed Fixed::operator-() const {
  Fixed result = *this;
  result.negative_ = !negative_ && !is_zero();
  return result;
}

Fixed Fixed::magnitude() const {
  Fixed result = *this;
  result.negative_ = false;
  return result;
}

Fixed operator+(const Fixed& a, const Fixed& b) {
  Fixed sum;
  if (a.negative_ == b.negative_) {
    sum.limbs_ = add(a.limbs_, b.limbs_);
    sum.negative_ = a.negative_;
    return sum;
  }
  const bool a_is_larger = compare(a.limbs_, b.limbs_) >= 0;
  sum.limbs_ = a_is_larger ? subtract(a.limbs_, b.limbs_) : subtract(b.limbs_, a.limbs_);
  sum.negative_ = (a_is_larger ? a.negative_ : b.negative_) && !sum.is_zero();
  return sum;
}

Fixed operator*(const Fixed& a, const Fixed& b) {
  std::array<uint64_t, size_t{2} * Fixed::kLimbs> product{};
  for (size_t i = 0; i < Fixed::kLimbs; ++i) {
    uint64_t carry = 0;
    for (size_t j = 0; j < Fixed::kLimbs; ++j) {
      const Wide sum = static_cast<Wide>(a.limbs_[i]) * b.limbs_[j] + product[i + j] + carry;
      product[i + j] = static_cast<uint64_t>(sum);
      carry = static_cast<uint64_t>(sum >> 64);
    }
    product[i + Fixed::kLimbs] = carry;
  }
  ASSAY_CHECK(product[7] == 0);
  Fixed result;
  for (size_t i = 0; i < Fixed::kLimbs; ++i) result.limbs_[i] = product[i + 3];
  result.negative_ = a.negative_ != b.negative_ && !result.is_zero();
  return result;
}

Fixed operator/(const Fixed& a, const Fixed& b) {
  ASSAY_CHECK(!b.is_zero());
  Fixed quotient;
  if (a.is_zero()) return quotient;
  // Digit by digit, as on paper: the digits of a, then as many zeros as there are bits after the point.
  Limbs rest{};
  for (int bit = a.leading_exponent() + Fixed::kFractionBits; bit >= -Fixed::kFractionBits; --bit) {
    const auto at = static_cast<size_t>(bit < 0 ? 0 : bit);
    rest = twice(rest, bit < 0 ? 0 : a.limbs_[at / 64] >> (at % 64) & 1);
    const bool fits = compare(rest, b.limbs_) >= 0;
    if (fits) rest = subtract(rest, b.limbs_);
    ASSAY_CHECK(quotient.limbs_[3] >> 63 == 0);
    quotient.limbs_ = twice(quotient.limbs_, fits ? 1 : 0);
  }
  quotient.negative_ = a.negative_ != b.negative_ && !quotient.is_zero();
  return quotient;
}

Fixed operator/(const Fixed& a, uint64_t b) {
  Fixed quotient;
  ASSAY_CHECK(b != 0 && b >> 32 == 0);
  uint64_t rest = 0;
  for (size_t i = Fixed::kLimbs; i-- > 0;) {  // digits of 32 bits
    const uint64_t high = rest << 32 | a.limbs_[i] >> 32;
    const uint64_t low = high % b << 32 | (a.limbs_[i] & 0xFFFFFFFF);
    quotient.limbs_[i] = high / b << 32 | low / b;
    rest = low % b;
  }
  quotient.negative_ = a.negative_ && !quotient.is_zero();
  return quotient;
}

std::strong_ordering compare_magnitudes(const Fixed& a, const Fixed& b) { return compare(a.limbs_, b.limbs_); }

Fixed Fixed::shifted(int by) const {
  Fixed result = *this;
  for (; by > 0; --by) {
    ASSAY_CHECK(result.limbs_[3] >> 63 == 0);
    result.limbs_ = twice(result.limbs_, 0);
  }
  for (; by < 0; ++by) result = result / 2;
  return result;
}

}  // namespace assay::probes::reference
