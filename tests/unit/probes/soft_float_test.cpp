// SPDX-License-Identifier: Apache-2.0
#include "probes/reference/soft_float.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <vector>

#include "common/base/random.h"

namespace assay::probes::reference {
namespace {

// One precision seen from both sides: the C++ type and its bits.
struct Double {
  using Type = double;
  using Bits = uint64_t;
  static constexpr FloatFormat kFormat = kBinary64;
};
struct Single {
  using Type = float;
  using Bits = uint32_t;
  static constexpr FloatFormat kFormat = kBinary32;
};

template <typename P>
typename P::Type value(uint64_t bits) {
  return std::bit_cast<typename P::Type>(static_cast<typename P::Bits>(bits));
}

// The bits; all NaNs alike, for their payloads are not ours to give.
template <typename P>
uint64_t bits_of(typename P::Type number) {
  return std::isnan(number) ? uint64_t{0x7FF8} << 48 : std::bit_cast<typename P::Bits>(number);
}

// Zeros, the smallest and the largest of each kind, neighbours of 1, infinities, NaN; both signs.
template <typename P>
std::vector<uint64_t> edges() {
  using Limits = std::numeric_limits<typename P::Type>;
  std::vector<uint64_t> bits;
  for (const typename P::Type number :
       {typename P::Type{0}, Limits::denorm_min(), Limits::min(), Limits::max(), Limits::epsilon(), typename P::Type{1},
        typename P::Type{3}, Limits::infinity(), Limits::quiet_NaN()}) {
    const auto pattern = std::bit_cast<typename P::Bits>(number);
    for (const typename P::Bits near :
         {pattern, static_cast<typename P::Bits>(pattern + 1), static_cast<typename P::Bits>(pattern - 1)}) {
      bits.push_back(near);
      bits.push_back(static_cast<typename P::Bits>(
          near ^ static_cast<typename P::Bits>(typename P::Bits{1} << (8 * sizeof(near) - 1))));
    }
  }
  return bits;
}

// Random bits of three sorts: any pattern, exponents near each other (so that sums cancel), few significant bits
// (ties).
template <typename P>
uint64_t draw(Random& random) {
  const uint64_t bits = random.next() >> (64 - 8 * sizeof(typename P::Bits));
  const uint64_t fraction = bits & ((uint64_t{1} << P::kFormat.fraction_bits) - 1);
  const uint64_t middle = (uint64_t{1} << (P::kFormat.exponent_bits - 1)) - 3;
  const uint64_t near_one = (middle + random.below(6)) << P::kFormat.fraction_bits |
                            (random.next() & 1) << (8 * sizeof(typename P::Bits) - 1);
  switch (random.below(3)) {
    case 0:
      return bits;
    case 1:
      return near_one | fraction;
    default:
      return near_one | (fraction & ~((uint64_t{1} << (P::kFormat.fraction_bits - 3)) - 1));
  }
}

template <typename P>
class SoftFloat : public testing::Test {
 protected:
  static void expect_fma(uint64_t a, uint64_t b, uint64_t c) {
    const auto expected = bits_of<P>(std::fma(value<P>(a), value<P>(b), value<P>(c)));
    ASSERT_EQ(bits_of<P>(value<P>(soft_fma(P::kFormat, a, b, c))), expected)
        << std::hex << a << " * " << b << " + " << c;
  }
  static void expect_quotient(uint64_t a, uint64_t b) {
    const auto expected = bits_of<P>(value<P>(a) / value<P>(b));
    ASSERT_EQ(bits_of<P>(value<P>(soft_divide(P::kFormat, a, b))), expected) << std::hex << a << " / " << b;
  }
  static void expect_sum_and_product(uint64_t a, uint64_t b) {
    const auto x = value<P>(a);
    const auto y = value<P>(b);
    ASSERT_EQ(bits_of<P>(value<P>(soft_add(P::kFormat, a, b))), bits_of<P>(x + y)) << std::hex << a << " + " << b;
    ASSERT_EQ(bits_of<P>(value<P>(soft_subtract(P::kFormat, a, b))), bits_of<P>(x - y)) << std::hex << a << " - " << b;
    ASSERT_EQ(bits_of<P>(value<P>(soft_multiply(P::kFormat, a, b))), bits_of<P>(x * y)) << std::hex << a << " * " << b;
    if (!std::isnan(x) && !std::isnan(y)) {
      ASSERT_EQ(soft_less(P::kFormat, a, b), x < y) << std::hex << a << " < " << b;
    }
  }
  static void expect_root(uint64_t a) {
    const auto expected = bits_of<P>(std::sqrt(value<P>(a)));
    ASSERT_EQ(bits_of<P>(value<P>(soft_sqrt(P::kFormat, a))), expected) << std::hex << "sqrt " << a;
  }
};
using Precisions = testing::Types<Double, Single>;
TYPED_TEST_SUITE(SoftFloat, Precisions);

TYPED_TEST(SoftFloat, AgreesWithTheMachineOnEdges) {
  const std::vector<uint64_t> all = edges<TypeParam>();
  for (const uint64_t a : all) {
    this->expect_root(a);
    for (const uint64_t b : all) {
      // Division of finite numbers by zero is defined (infinity) but trapped by the sanitizer as a likely mistake.
      if (value<TypeParam>(b) != 0) this->expect_quotient(a, b);
      for (const uint64_t c : all) this->expect_fma(a, b, c);
    }
  }
}

TYPED_TEST(SoftFloat, AgreesWithTheMachineOnRandomNumbers) {
  Random random(20261120);
  for (int i = 0; i < 200'000; ++i) {
    const uint64_t a = draw<TypeParam>(random);
    const uint64_t b = draw<TypeParam>(random);
    const uint64_t c = draw<TypeParam>(random);
    this->expect_fma(a, b, c);
    if (value<TypeParam>(b) != 0) this->expect_quotient(a, b);
    this->expect_root(a);
    this->expect_sum_and_product(a, b);
  }
}

// a * b - nearly(a * b): almost everything cancels and only the low bits of the exact product are left.
TYPED_TEST(SoftFloat, KeepsTheLowBitsOfAProductThatCancels) {
  using T = typename TypeParam::Type;
  Random random(7);
  for (int i = 0; i < 50'000; ++i) {
    const T a = static_cast<T>(1 + random.unit());
    const T b = static_cast<T>(1 + random.unit());
    this->expect_fma(bits_of<TypeParam>(a), bits_of<TypeParam>(b), bits_of<TypeParam>(-(a * b)));
  }
}

TEST(SoftFloat, ConvertsLikeTheMachine) {
  Random random(11);
  for (int i = 0; i < 200'000; ++i) {
    const uint64_t wide = draw<Double>(random);
    const auto expected = bits_of<Single>(static_cast<float>(value<Double>(wide)));
    ASSERT_EQ(bits_of<Single>(value<Single>(soft_convert(kBinary64, kBinary32, wide))), expected) << std::hex << wide;
    const uint64_t narrow = draw<Single>(random);
    ASSERT_EQ(bits_of<Double>(value<Double>(soft_convert(kBinary32, kBinary64, narrow))),
              bits_of<Double>(static_cast<double>(value<Single>(narrow))));
    const auto integer = static_cast<int64_t>(random.next()) >> random.below(64);
    ASSERT_EQ(soft_from_integer(kBinary64, integer), bits_of<Double>(static_cast<double>(integer))) << integer;
    ASSERT_EQ(soft_from_integer(kBinary32, integer), bits_of<Single>(static_cast<float>(integer))) << integer;
    // Halves and quarters come up often here.
    const double number = std::ldexp(static_cast<double>(integer >> 20), -static_cast<int>(random.below(30)));
    const uint64_t bits = bits_of<Double>(number);
    ASSERT_EQ(soft_to_integer(kBinary64, bits, ToInteger::kTruncate), static_cast<int64_t>(number)) << number;
    ASSERT_EQ(soft_to_integer(kBinary64, bits, ToInteger::kNearestEven), std::llrint(number)) << number;
  }
}

TEST(SoftFloat, DividesByZeroAsIeee754Says) {
  const auto bits = [](double x) { return std::bit_cast<uint64_t>(x); };
  EXPECT_EQ(soft_divide(kBinary64, bits(1.0), bits(-0.0)), bits(-std::numeric_limits<double>::infinity()));
  EXPECT_TRUE(std::isnan(std::bit_cast<double>(soft_divide(kBinary64, bits(0.0), bits(0.0)))));
}

}  // namespace
}  // namespace assay::probes::reference
