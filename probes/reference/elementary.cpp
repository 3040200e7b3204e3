// SPDX-License-Identifier: Apache-2.0
#include "probes/reference/elementary.h"

#include <vector>

#include "common/base/check.h"

namespace assay::probes::reference {
namespace {

const Fixed kOne(1);

// x^first / first! - ..., every second term; the signs alternate.
Fixed circular_series(const Fixed& x, const Fixed& first_term, uint64_t first) {
  const Fixed square = x * x;
  Fixed sum = first_term;
  Fixed term = first_term;
  for (uint64_t n = first; !term.is_zero(); n += 2) {
    term = -(term * square / ((n + 1) * (n + 2)));
    sum = sum + term;
  }
  return sum;
}

// z + z^3 / 3 + z^5 / 5 + ..., or with alternating signs.
enum class Signs { kSame,
                   kAlternating };
Fixed odd_series(const Fixed& z, Signs signs) {
  const Fixed square = signs == Signs::kSame ? z * z : -(z * z);
  Fixed sum = z;
  Fixed power = z;
  for (uint64_t n = 3; !power.is_zero(); n += 2) {
    power = power * square;
    sum = sum + power / n;
  }
  return sum;
}

// atan(k / 16), k = 0..16: from one to the next by atan a - atan b = atan((a - b) / (1 + a b)), here 16 / (256 + k(k-1)).
constexpr uint64_t kSteps = 16;
std::vector<Fixed> arctangents() {
  std::vector<Fixed> table(1);
  for (uint64_t k = 1; k <= kSteps; ++k) {
    const Fixed apart = Fixed(kSteps) / (kSteps * kSteps + k * (k - 1));
    table.push_back(table.back() + odd_series(apart, Signs::kAlternating));
  }
  return table;
}

// Of y / x, both positive, y <= x.
Fixed arctangent(const Fixed& y, const Fixed& x) {
  static const std::vector<Fixed> kTable = arctangents();
  // The nearest k / 16 below or at y / x; what is left is under 1/16.
  uint64_t k = 0;
  while (k < kSteps && compare_magnitudes(x * Fixed(k + 1), y * Fixed(kSteps)) <= 0) ++k;
  const Fixed c = Fixed(k) / kSteps;
  return kTable[k] + odd_series((y - c * x) / (x + c * y), Signs::kAlternating);
}

const Fixed& pi() {
  static const Fixed kPi = arctangents().back() * Fixed(4);
  return kPi;
}
const Fixed& ln2() {
  static const Fixed kLn2 = odd_series(kOne / 3, Signs::kSame) * Fixed(2);
  return kLn2;
}

}  // namespace

Fixed sine(const Fixed& x) { return circular_series(x, x, 1); }
Fixed cosine(const Fixed& x) { return circular_series(x, kOne, 0); }

Fixed power_of_two_less_one(const Fixed& x) {
  const Fixed t = x * ln2();
  Fixed sum = t;
  Fixed term = t;
  for (uint64_t n = 2; !term.is_zero(); ++n) {
    term = term * t / n;
    sum = sum + term;
  }
  return sum;
}

Fixed logarithm_to_base_two(const Fixed& x) {
  ASSAY_CHECK(!x.is_zero() && !x.is_negative());
  // x = 2^e * m with m in [3/4, 3/2): |(m - 1) / (m + 1)| <= 1/5. A shift to the right would lose bits; x has none there.
  int e = x.leading_exponent();
  if (compare_magnitudes(x * Fixed(2), Fixed(3).shifted(e)) >= 0) ++e;
  const Fixed m = x.shifted(-e);
  const Fixed ln = odd_series((m - kOne) / (m + kOne), Signs::kSame) * Fixed(2);
  const Fixed whole(static_cast<uint64_t>(e < 0 ? -e : e));
  return (e < 0 ? -whole : whole) + ln / ln2();
}

Fixed angle(const Fixed& y, const Fixed& x) {
  const Fixed a = y.magnitude();
  const Fixed b = x.magnitude();
  Fixed result = compare_magnitudes(a, b) <= 0 ? arctangent(a, b) : pi() / 2 - arctangent(b, a);
  if (x.is_negative()) result = pi() - result;
  return y.is_negative() ? -result : result;
}

}  // namespace assay::probes::reference
