// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "probes/catalogue/gemm.h"
#include "probes/reference/exact_product.h"
#include "probes/reference/gemm.h"

namespace assay::probes::reference {
namespace {

const StepSink kIgnore = [](uint32_t, std::span<const uint64_t>) {};

TEST(ExactDot, RefusesSumsAtTheBoundOnEitherSide) {
  constexpr int64_t kBound = 1 << 24;
  EXPECT_EQ(exact_dot({4096, -1}, {4095, 5}, kBound).value(), 4096 * 4095 - 5);
  EXPECT_FALSE(exact_dot({4096}, {4096}, kBound).ok());
  EXPECT_FALSE(exact_dot({-4096}, {4096}, kBound).ok());
  // The sum is small and the partial sums are not: just what the bound is about.
  EXPECT_FALSE(exact_dot({4096, -4096}, {4096, 4096}, kBound).ok());
  EXPECT_FALSE(exact_dot({std::numeric_limits<int64_t>::max()}, {std::numeric_limits<int64_t>::max()}, kBound).ok());
}

TEST(GridInteger, TakesOnlyIntegersOfTheUnit) {
  EXPECT_EQ(grid_integer(-48.0, 4).value(), -3);
  EXPECT_EQ(grid_integer(0.375, -3).value(), 3);
  EXPECT_FALSE(grid_integer(0.375, -2).ok());
  EXPECT_FALSE(grid_integer(0x1p60, 0).ok());
  EXPECT_FALSE(grid_integer(std::numeric_limits<double>::quiet_NaN(), 0).ok());
  EXPECT_FALSE(grid_integer(std::numeric_limits<double>::infinity(), 0).ok());
}

// Why there is a bound: beyond it the order of the sum shows in the bits.
TEST(ExactGrid, BeyondTheBoundTheOrderMatters) {
  const float big = 0x1p24F;
  const float forward = (big + 1.0F) + 1.0F;
  const float backward = (1.0F + 1.0F) + big;
  EXPECT_NE(forward, backward);
}

TEST(ExactGrid, RefusesOperandsThatBreakTheBoundOfFp64) {
  GemmOperandsF64 operands = gemm_operands_f64(0);
  operands.a[0] = std::ldexp(0x1p52, operands.exponents.row[0] + operands.exponents.group[0]);
  const Status done = gemm_product_f64(operands, kIgnore);
  ASSERT_FALSE(done.ok());
  EXPECT_EQ(done.error().code, ErrorCode::kInvalid);
}

TEST(ExactGrid, RefusesOperandsThatBreakTheBoundOfFp32) {
  GemmOperandsF32 operands = gemm_operands_f32(0);
  operands.a[0] = std::ldexp(0x1p23F, operands.exponents.row[0] + operands.exponents.group[0]);
  EXPECT_FALSE(gemm_product_f32(operands, kIgnore).ok());
}

TEST(ExactGrid, RefusesOperandsOffTheGrid) {
  GemmOperandsF64 operands = gemm_operands_f64(0);
  operands.b[5] = std::ldexp(0.5, operands.exponents.column[0] - operands.exponents.group[5]);
  EXPECT_FALSE(gemm_product_f64(operands, kIgnore).ok());
}

// The layout moves elements and changes none.
TEST(GemmOperands, AreTheSameInEveryLayout) {
  std::vector<double> a(gemm::kRowsF64 * gemm::kDepth);
  std::vector<double> b(gemm::kColumns * gemm::kDepth);
  gemm::operands_f64(9, {8, 24}, a.data(), b.data());
  const GemmOperandsF64 plain = gemm_operands_f64(9);
  for (size_t t = 0; t < gemm::kDepth; ++t) {
    for (size_t i = 0; i < gemm::kRowsF64; ++i) {
      ASSERT_EQ(a[i / 8 * gemm::kDepth * 8 + t * 8 + i % 8], plain.a[i * gemm::kDepth + t]);
    }
    for (size_t j = 0; j < gemm::kColumns; ++j) {
      ASSERT_EQ(b[j / 24 * gemm::kDepth * 24 + t * 24 + j % 24], plain.b[j * gemm::kDepth + t]);
    }
  }
}

// The recipe excites most of a datapath only if it mixes what it says it mixes.
TEST(GemmOperands, MixSparseAndFullMantissas) {
  const GemmOperandsF64 operands = gemm_operands_f64(1);
  size_t zeros = 0;
  int most_bits = 0;
  int lowest = 1000;
  int highest = -1000;
  for (const double x : operands.a) {
    if (x == 0) {
      ++zeros;
      continue;
    }
    int exponent = 0;
    const double fraction = std::frexp(x, &exponent);
    lowest = std::min(lowest, exponent);
    highest = std::max(highest, exponent);
    int bits = 1;
    while (std::ldexp(fraction, bits) != std::nearbyint(std::ldexp(fraction, bits))) ++bits;
    most_bits = std::max(most_bits, bits);
  }
  EXPECT_GT(zeros, operands.a.size() / 4);
  EXPECT_LT(zeros, operands.a.size() * 5 / 8) << "classes that meet wide numbers are even: a quarter of them";
  EXPECT_GE(most_bits, 49);
  EXPECT_GT(highest - lowest, 100);
}

}  // namespace
}  // namespace assay::probes::reference
