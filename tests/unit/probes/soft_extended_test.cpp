// SPDX-License-Identifier: Apache-2.0
#include "probes/reference/soft_extended.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

#include "common/base/random.h"

namespace assay::probes::reference {
namespace {

#if defined(__x86_64__)
constexpr size_t kBytes = 10;

long double value(Extended x) {
  long double number = 0;
  std::memcpy(&number, &x.mantissa, sizeof x.mantissa);
  std::memcpy(reinterpret_cast<char*>(&number) + sizeof x.mantissa, &x.sign_exponent, kBytes - sizeof x.mantissa);
  return number;
}
Extended bits(long double number) {
  Extended x;
  std::memcpy(&x.mantissa, &number, sizeof x.mantissa);
  std::memcpy(&x.sign_exponent, reinterpret_cast<const char*>(&number) + sizeof x.mantissa, kBytes - sizeof x.mantissa);
  return x;
}

// Zero now and then, few significant bits (ties), or a full mantissa; exponents near enough that sums cancel.
Extended draw(Random& random) {
  if (random.below(50) == 0) return {0, static_cast<uint16_t>(random.below(2) << 15)};
  const uint64_t mask = random.below(3) == 0 ? ~uint64_t{0} << (40 + random.below(24)) : ~uint64_t{0};
  const auto exponent = static_cast<uint16_t>(16383 - 20 + static_cast<int>(random.below(random.below(2) == 0 ? 3 : 60)));
  return {(random.next() | uint64_t{1} << 63) & mask, static_cast<uint16_t>(exponent | random.below(2) << 15)};
}

TEST(SoftExtended, AgreesWithTheEightyBitUnit) {
  Random random(80);
  for (int i = 0; i < 200'000; ++i) {
    const Extended x = draw(random);
    const Extended y = draw(random);
    SCOPED_TRACE(i);
    ASSERT_EQ(extended_add(x, y), bits(value(x) + value(y)));
    ASSERT_EQ(extended_subtract(x, y), bits(value(x) - value(y)));
    ASSERT_EQ(extended_multiply(x, y), bits(value(x) * value(y)));
    ASSERT_EQ(extended_round(x), bits(std::nearbyint(value(x))));
    ASSERT_EQ(extended_scale(x, 7), bits(std::ldexp(value(x), 7)));
    if (y.mantissa == 0) continue;
    ASSERT_EQ(extended_divide(x, y), bits(value(x) / value(y)));
    ASSERT_EQ(extended_remainder(x, y, Quotient::kTruncated), bits(std::fmod(value(x), value(y))));
    ASSERT_EQ(extended_remainder(x, y, Quotient::kNearestEven), bits(std::remainder(value(x), value(y))));
    const Extended positive{x.mantissa, static_cast<uint16_t>(x.sign_exponent & 0x7FFF)};
    ASSERT_EQ(extended_sqrt(positive), bits(std::sqrt(value(positive))));
  }
}
#else
TEST(SoftExtended, AgreesWithTheEightyBitUnit) { GTEST_SKIP() << "only x86 has it"; }
#endif

}  // namespace
}  // namespace assay::probes::reference
