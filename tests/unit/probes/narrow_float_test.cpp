// SPDX-License-Identifier: Apache-2.0
#include "probes/catalogue/narrow_float.h"

#include <gtest/gtest.h>

#include <cmath>

#include "probes/reference/gemm_grid.h"

namespace assay::probes {
namespace {

double value(const NarrowFloat& format, uint32_t code) {
  const reference::Fraction number = reference::decode(format, code);
  return std::ldexp(static_cast<double>(number.significand), number.exponent);
}

// From the tables of the OCP specifications and IEEE 754.
TEST(NarrowFloat, CodesOfTheSpecifications) {
  EXPECT_EQ(value(kE4m3, 0x7E), 448);
  EXPECT_EQ(value(kE4m3, 0x01), std::ldexp(1, -9));
  EXPECT_EQ(value(kE4m3, 0x08), std::ldexp(1, -6));
  EXPECT_EQ(value(kE5m2, 0x7B), 57344);
  EXPECT_EQ(value(kE5m2, 0x01), std::ldexp(1, -16));
  EXPECT_EQ(value(kE2m3, 0x1F), 7.5);
  EXPECT_EQ(value(kE2m3, 0x01), 0.125);
  EXPECT_EQ(value(kE3m2, 0x1F), 28);
  EXPECT_EQ(value(kE3m2, 0x01), 0.0625);
  const double e2m1[] = {0, 0.5, 1, 1.5, 2, 3, 4, 6};
  for (uint32_t code = 0; code < 8; ++code) {
    EXPECT_EQ(value(kE2m1, code), e2m1[code]);
    EXPECT_EQ(value(kE2m1, code | 8), -e2m1[code]);
  }
  EXPECT_EQ(value(kFp16, 0x3C01), 1 + std::ldexp(1, -10));
  EXPECT_EQ(value(kFp16, 0x7BFF), 65504);
  EXPECT_EQ(value(kBf16, 0xC040), -3);
}

TEST(NarrowFloat, EncodingIsTheInverseOfDecoding) {
  for (const NarrowFloat& format : {kE4m3, kE5m2, kE2m3, kE3m2, kE2m1, kFp16, kBf16}) {
    for (uint32_t code = 0; code < 1U << format.bits(); ++code) {
      const reference::Fraction number = reference::decode(format, code);
      const bool negative = (code & format.sign_bit()) != 0;
      const auto magnitude = static_cast<uint32_t>(std::abs(number.significand));
      ASSERT_EQ(format.encode(negative, magnitude, number.exponent), code) << format.bits() << " bits";
      // Trailing zeros may stand in the exponent as well.
      if (magnitude != 0 && magnitude % 2 == 0) {
        ASSERT_EQ(format.encode(negative, magnitude / 2, number.exponent + 1), code);
      }
    }
  }
}

}  // namespace
}  // namespace assay::probes
