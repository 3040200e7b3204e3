// SPDX-License-Identifier: Apache-2.0
#include "probes/reference/soft_extended.h"

#include <utility>

#include "common/base/check.h"

namespace assay::probes::reference {
namespace {

__extension__ using Wide = unsigned __int128;

constexpr int kBias = 16383;
constexpr uint16_t kSign = 0x8000;

bool negative(Extended x) { return (x.sign_exponent & kSign) != 0; }
// Of the leading bit.
int exponent(Extended x) { return (x.sign_exponent & 0x7FFF) - kBias; }
Extended zero(bool is_negative) { return {0, is_negative ? kSign : uint16_t{0}}; }
Extended flipped(Extended x) { return {x.mantissa, static_cast<uint16_t>(x.sign_exponent ^ kSign)}; }

Extended pack(bool is_negative, uint64_t mantissa, int exponent_of_lead) {
  ASSAY_CHECK(mantissa >> 63 == 1 && exponent_of_lead > -kBias && exponent_of_lead <= kBias);
  return {mantissa, static_cast<uint16_t>((is_negative ? kSign : 0) | (exponent_of_lead + kBias))};
}

// value / 2^127 * 2^exponent_of_lead, and a little more where `sticky`, rounded. A shift to the left must not meet a
// sticky part: callers keep at least two bits more than the result has.
Extended round_wide(bool is_negative, Wide value, int exponent_of_lead, bool sticky) {
  if (value == 0) return zero(is_negative);
  while (value >> 127 == 0) {
    value <<= 1;
    --exponent_of_lead;
  }
  auto kept = static_cast<uint64_t>(value >> 64);
  const auto rest = static_cast<uint64_t>(value);
  constexpr uint64_t kHalf = uint64_t{1} << 63;
  const bool up = rest > kHalf || (rest == kHalf && (sticky || (kept & 1) != 0));
  if (up && ++kept == 0) {
    kept = kHalf;
    ++exponent_of_lead;
  }
  return pack(is_negative, kept, exponent_of_lead);
}

// |x| >= |y|, neither zero: |x| + |y| or |x| - |y| with the sign of x. The mantissas start at bit 126, so a sum does
// not overflow; bits of y below bit 0 become one sticky bit there, under 60 zeros at least.
Extended combine(Extended x, Extended y, bool subtract) {
  const int apart = exponent(x) - exponent(y);
  const Wide p = static_cast<Wide>(x.mantissa) << 63;
  const Wide whole = static_cast<Wide>(y.mantissa) << 63;
  Wide q = apart > 127 ? 0 : whole >> apart;
  if (apart > 127 || q << apart != whole) q |= 1;
  const Wide result = subtract ? p - q : p + q;
  if (result == 0) return zero(false);
  return round_wide(negative(x), result, exponent(x) + 1, false);
}

// The quotient of the mantissas of |x| and |y| as an integer, and what is left: |x| = q * |y| + rest, in units of the
// last place of y.
struct Division {
  uint64_t quotient_low_bits = 0;  // enough to see whether it is odd
  Wide rest = 0;
};

}  // namespace

Extended extended_add(Extended x, Extended y) {
  if (x.mantissa == 0 && y.mantissa == 0) return zero(negative(x) && negative(y));
  if (x.mantissa == 0) return y;
  if (y.mantissa == 0) return x;
  const bool swap = exponent(y) > exponent(x) || (exponent(y) == exponent(x) && y.mantissa > x.mantissa);
  if (swap) std::swap(x, y);
  return combine(x, y, negative(x) != negative(y));
}

Extended extended_subtract(Extended x, Extended y) { return extended_add(x, flipped(y)); }

Extended extended_multiply(Extended x, Extended y) {
  const bool sign = negative(x) != negative(y);
  if (x.mantissa == 0 || y.mantissa == 0) return zero(sign);
  return round_wide(sign, static_cast<Wide>(x.mantissa) * y.mantissa, exponent(x) + exponent(y) + 1, false);
}

Extended extended_divide(Extended x, Extended y) {
  ASSAY_CHECK(y.mantissa != 0);
  const bool sign = negative(x) != negative(y);
  if (x.mantissa == 0) return zero(sign);
  // Digit by digit, 100 of them: the first has the weight 2^(difference of the exponents).
  Wide rest = x.mantissa;
  Wide quotient = 0;
  for (int digit = 0; digit < 100; ++digit) {
    quotient <<= 1;
    if (rest >= y.mantissa) {
      rest -= y.mantissa;
      quotient |= 1;
    }
    rest <<= 1;
  }
  return round_wide(sign, quotient << 28, exponent(x) - exponent(y), rest != 0);
}

Extended extended_sqrt(Extended x) {
  if (x.mantissa == 0) return x;
  ASSAY_CHECK(!negative(x));
  // Two digits of the radicand a time, one of the root; the radicand is the mantissa as 2 digits before the point for
  // an odd exponent, else 1.
  const bool odd = (exponent(x) & 1) != 0;
  const Wide radicand = static_cast<Wide>(x.mantissa) << (odd ? 64 : 63);
  Wide rest = 0;
  Wide root = 0;
  for (int digit = 0; digit < 80; ++digit) {
    const int from = 126 - 2 * digit;
    rest = rest << 2 | (from >= 0 ? static_cast<unsigned>(radicand >> from) & 3U : 0U);
    root <<= 1;
    if (rest >= (root << 1 | 1)) {
      rest -= root << 1 | 1;
      root |= 1;
    }
  }
  return round_wide(false, root << 48, (exponent(x) - (odd ? 1 : 0)) / 2, rest != 0);
}

Extended extended_scale(Extended x, int by) {
  return x.mantissa == 0 ? x : pack(negative(x), x.mantissa, exponent(x) + by);
}

Extended extended_round(Extended x) {
  if (x.mantissa == 0 || exponent(x) >= 63) return x;
  if (exponent(x) < -1) return zero(negative(x));
  const int below_point = 63 - exponent(x);  // bits of the mantissa, 1..64
  const uint64_t whole = below_point == 64 ? 0 : x.mantissa >> below_point;
  const uint64_t rest = x.mantissa << (64 - below_point);  // left-aligned
  constexpr uint64_t kHalf = uint64_t{1} << 63;
  const Wide rounded = static_cast<Wide>(whole) + ((rest > kHalf || (rest == kHalf && (whole & 1) != 0)) ? 1 : 0);
  return rounded == 0 ? zero(negative(x)) : round_wide(negative(x), rounded, 127, false);
}

Extended extended_remainder(Extended x, Extended y, Quotient quotient) {
  ASSAY_CHECK(y.mantissa != 0);
  const int apart = exponent(x) - exponent(y);
  if (x.mantissa == 0 || apart < -1) return x;
  ASSAY_CHECK(apart < 64);
  // Both in units of half the last place of y, so that apart == -1 fits too.
  const Wide divisor = static_cast<Wide>(y.mantissa) << 1;
  // |x| one bit at a time, as in long division on paper.
  Division division;
  for (int bit = 63 + apart + 1; bit >= 0; --bit) {
    const int from = bit - (apart + 1);
    division.rest = division.rest << 1 | (from >= 0 ? static_cast<unsigned>(x.mantissa >> from) & 1U : 0U);
    division.quotient_low_bits <<= 1;
    if (division.rest >= divisor) {
      division.rest -= divisor;
      division.quotient_low_bits |= 1;
    }
  }
  Wide rest = division.rest;
  bool sign = negative(x);
  const bool past_half = rest * 2 > divisor || (rest * 2 == divisor && (division.quotient_low_bits & 1) != 0);
  if (quotient == Quotient::kNearestEven && past_half) {
    rest = divisor - rest;
    sign = !sign;
  }
  if (rest == 0) return zero(negative(x));
  return round_wide(sign, rest, exponent(y) - 63 - 1 + 127, false);
}

}  // namespace assay::probes::reference
