// SPDX-License-Identifier: Apache-2.0
#include "probes/reference/elementary.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>

#include "common/base/random.h"
#include "probes/reference/portable_word.h"

namespace assay::probes::reference {
namespace {

// A double as it is, by way of the wider format.
Fixed fixed(double number) {
  if (number == 0) return {};
  const auto bits = std::bit_cast<uint64_t>(number);
  const auto exponent = static_cast<uint16_t>((bits >> 52 & 0x7FF) - 1023 + 16383);
  return Fixed::of({(bits & 0xFFFFFFFFFFFFF) << 11 | uint64_t{1} << 63, static_cast<uint16_t>(exponent | bits >> 63 << 15)});
}
long double value(const Fixed& number) {
  long double sum = 0;
  for (size_t i = 0; i < Fixed::kLimbs; ++i) {
    sum += std::ldexp(static_cast<long double>(number.limbs()[i]), static_cast<int>(64 * i) - Fixed::kFractionBits);
  }
  return number.is_negative() ? -sum : sum;
}
// Exact values of one function agree with the C library's to its own accuracy.
void expect_near(const Fixed& exact, long double library) {
  const long double unit = std::ldexp(1.0L, std::ilogb(library) - 62);
  ASSERT_NEAR(static_cast<double>((value(exact) - library) / unit), 0.0, 2.0) << static_cast<double>(library);
}
// 192 bits after the point, so 2^-170 is a few last places.
void expect_equal(const Fixed& a, const Fixed& b) {
  const Fixed apart = a - b;
  EXPECT_TRUE(apart.is_zero() || apart.leading_exponent() < -180) << apart.leading_exponent();
}

TEST(FixedPoint, CalculatesExactlyWhereItCan) {
  expect_equal(fixed(1.5) * fixed(-2.25), fixed(-3.375));
  expect_equal(fixed(-3.375) / fixed(1.5), fixed(-2.25));
  expect_equal(fixed(1) / fixed(3) * fixed(3), fixed(1));
  EXPECT_TRUE((fixed(0.1) - fixed(0.1)).is_zero());
  EXPECT_EQ(fixed(0.75).leading_exponent(), -1);
  EXPECT_EQ(fixed(1024).leading_exponent(), 10);
  EXPECT_EQ(value(fixed(-0.1)), static_cast<long double>(-0.1));
  EXPECT_EQ(value(fixed(5).shifted(-3)), 0.625L);
}

TEST(Elementary, AgreesWithTheLibrary) {
  Random random(3);
  for (int i = 0; i < 300; ++i) {
    const double x = 2 * random.unit() - 1;
    const double y = std::ldexp(2 * random.unit() - 1, static_cast<int>(random.below(8)) - 4);
    if (std::fabs(x) < 1e-6 || std::fabs(y) < 1e-6) continue;
    const long double wide = x;
    expect_near(sine(fixed(x)), std::sin(wide));
    expect_near(cosine(fixed(x)), std::cos(wide));
    expect_near(sine(fixed(x)) / cosine(fixed(x)), std::tan(wide));
    expect_near(power_of_two_less_one(fixed(x)), std::expm1(wide * std::log(2.0L)));
    expect_near(angle(fixed(x), fixed(y)), std::atan2(wide, static_cast<long double>(y)));
    expect_near(logarithm_to_base_two(fixed(std::fabs(y))), std::log2(std::fabs(static_cast<long double>(y))));
  }
}

// Identities hold far below what the library could tell.
TEST(Elementary, KeepsTheLawsToAHundredAndEightyBits) {
  const Fixed x = fixed(0.4375) + fixed(0x1p-40);
  expect_equal(sine(x) * sine(x) + cosine(x) * cosine(x), fixed(1));
  expect_equal(angle(sine(x), cosine(x)), x);
  expect_equal(logarithm_to_base_two(fixed(1) + power_of_two_less_one(x)), x);
  expect_equal(angle(fixed(1), fixed(-1)), angle(fixed(1), fixed(1)) * fixed(3));
}

TEST(PortableWord, RoundsToFortyBitsAndCarriesOverAPowerOfTwo) {
  const uint64_t one = uint64_t{16383} << 39;
  EXPECT_EQ(portable_word(fixed(1)), one);
  EXPECT_EQ(portable_word(fixed(-1)), one | uint64_t{1} << 63);
  EXPECT_EQ(portable_word(fixed(1) + fixed(0x1p-39)), one + 1);
  EXPECT_EQ(portable_word(fixed(1) + fixed(0x1p-41)), one);
  EXPECT_EQ(portable_word(fixed(2) - fixed(0x1p-60)), uint64_t{16384} << 39);
  EXPECT_EQ(portable_word(fixed(0.5)), uint64_t{16382} << 39);
}

TEST(PortableWord, RefusesWhatAnotherMakerCouldRoundElsewhere) {
  const Fixed boundary = fixed(1) + fixed(0x1p-40);
  const Fixed unit = fixed(0x1p-63);
  EXPECT_EQ(portable_word(Fixed()), std::nullopt);
  EXPECT_EQ(portable_word(boundary), std::nullopt);
  for (const uint64_t apart : {1U, 2U, 3U, 4U}) {
    EXPECT_EQ(portable_word(boundary + unit * Fixed(apart)), std::nullopt) << apart;
    EXPECT_EQ(portable_word(boundary - unit * Fixed(apart)), std::nullopt) << apart;
  }
  const uint64_t one = uint64_t{16383} << 39;
  EXPECT_EQ(portable_word(boundary + unit * Fixed(6)), one + 1);
  EXPECT_EQ(portable_word(boundary - unit * Fixed(6)), one);
}

}  // namespace
}  // namespace assay::probes::reference
