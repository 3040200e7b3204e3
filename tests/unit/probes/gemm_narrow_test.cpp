// SPDX-License-Identifier: Apache-2.0
// The narrow grid products: bounds, refusals, ranges of the operands.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <limits>
#include <set>
#include <vector>

#include "probes/reference/gemm_grid.h"
#include "probes/reference/matrix_unit.h"

namespace assay::probes::reference {
namespace {

using gemm_grid::Element;
using gemm_grid::Kind;
using gemm_grid::kDepth;

const StepSink kIgnore = [](uint32_t, std::span<const uint64_t>) {};

class GridOf : public testing::TestWithParam<const Kind*> {};

TEST_P(GridOf, TakesItsOwnOperands) {
  const Status done = grid_product(*GetParam(), grid_operands(*GetParam(), 11), kIgnore);
  EXPECT_TRUE(done.ok()) << done.error().message;
}

TEST_P(GridOf, RefusesOperandsThatReachTheBound) {
  const Kind& kind = *GetParam();
  if (kind.bound == 0 || kind.block != kDepth) GTEST_SKIP() << "no bound, or no codes that could reach it";
  GridOperands operands = grid_operands(kind, 0);
  for (uint32_t t = 0; t < kDepth; ++t) operands.a[t] = operands.b[t] = 0;
  operands.a[0] = kind.a.encode(false, 1, 0);
  operands.b[0] = kind.b.encode(false, 1, 0);
  // Row 0 and column 0 are a single 2^half each, in units that are chosen so.
  const auto in_units_of = [&](int half) {
    operands.exponents.row[0] = -half - operands.exponents.group[0];
    operands.exponents.column[0] = -half + operands.exponents.group[0];
    return grid_product(kind, operands, kIgnore);
  };
  const int half = kind.bound == 1 << 24 ? 12 : 7;
  EXPECT_EQ(in_units_of(half).ok(), false);
  EXPECT_EQ(in_units_of(half - 2).ok(), true);
}

TEST_P(GridOf, RefusesOperandsOffTheGrid) {
  const Kind& kind = *GetParam();
  if (kind.element != Element::kFloat) GTEST_SKIP() << "every code is an integer";
  GridOperands operands = grid_operands(kind, 0);
  ++operands.exponents.row[3];  // the unit of row 3 becomes twice what it is
  const Status done = grid_product(kind, operands, kIgnore);
  ASSERT_FALSE(done.ok());
  EXPECT_EQ(done.error().code, ErrorCode::kInvalid);
}

// Every arithmetic that is known gives the bits of the golden on the grid: alignment and truncation do not show there.
TEST_P(GridOf, IsTheSameOnEveryMatrixUnit) {
  const Kind& kind = *GetParam();
  const GridOperands operands = grid_operands(kind, 5);
  uint32_t met = 0;
  for (const MatrixUnit& unit : matrix_units()) {
    if (unit.format != kind.precision) continue;
    ++met;
    const auto check = [&](uint32_t step, std::span<const uint64_t> words) {
      if (step != kind.steps - 1) return;
      for (size_t output = 0; output < size_t{gemm_grid::kRows} * gemm_grid::kColumns; output += 7) {
        std::vector<Fraction> a;
        std::vector<Fraction> b;
        for (size_t t = 0; t < kind.turns * size_t{kDepth}; ++t) {
          const size_t turn = size_t{step} * kind.turns + t / kDepth;
          const size_t from = (t + turn * kind.shift) % kDepth;
          a.push_back(decode(kind.a, operands.a[output / gemm_grid::kColumns * kDepth + from]));
          b.push_back(decode(kind.b, operands.b[output % gemm_grid::kColumns * kDepth + t % kDepth]));
        }
        const auto expected = static_cast<uint32_t>(words[output / 2] >> (32 * (output % 2)));
        ASSERT_EQ(multiply_accumulate(unit, a, b, 0), expected) << unit.architecture << " output " << output;
      }
    };
    ASSERT_TRUE(grid_product(kind, operands, check).ok());
  }
  if (met == 0) GTEST_SKIP() << "no emulated unit of this format";
}

// The layout moves elements and changes none.
TEST_P(GridOf, HasTheSameOperandsInEveryLayout) {
  const Kind& kind = *GetParam();
  const size_t bytes = size_t{gemm_grid::kColumns} * kDepth * kind.code_bytes;
  std::vector<uint8_t> a[2];
  std::vector<uint8_t> b[2];
  gemm_grid::Scales scales;
  const gemm_grid::Layout layouts[2] = {{1, 1, 1}, {8, 48, 2}};
  for (int i = 0; i < 2; ++i) {
    a[i].resize(bytes);
    b[i].resize(bytes);
    gemm_grid::operands(kind, 9, layouts[i], a[i].data(), b[i].data(), scales);
  }
  const auto at = [&](const std::vector<uint8_t>& from, size_t code) {
    return std::vector<uint8_t>(from.begin() + static_cast<std::ptrdiff_t>(code * kind.code_bytes),
                                from.begin() + static_cast<std::ptrdiff_t>((code + 1) * kind.code_bytes));
  };
  for (size_t t = 0; t < kDepth; t += 3) {
    for (size_t i = 0; i < gemm_grid::kRows; ++i) {
      ASSERT_EQ(at(a[1], i / 8 * kDepth * 8 + t / 2 * 16 + i % 8 * 2 + t % 2), at(a[0], i * kDepth + t));
    }
    for (size_t j = 0; j < gemm_grid::kColumns; ++j) {
      ASSERT_EQ(at(b[1], j / 48 * kDepth * 48 + t / 2 * 96 + j % 48 * 2 + t % 2), at(b[0], j * kDepth + t));
    }
  }
}

// What matrix units flush or do not have must not occur in the wide formats.
TEST_P(GridOf, HasNoSubnormalAndNoInfiniteOperandInWideFormats) {
  const Kind& kind = *GetParam();
  if (kind.element != Element::kFloat || kind.scale != gemm_grid::BlockScale::kNone) GTEST_SKIP() << "not one of these";
  for (const uint32_t set : {0U, 100U, 255U}) {
    const GridOperands operands = grid_operands(kind, set);
    for (const auto& codes : {operands.a, operands.b}) {
      for (const uint32_t code : codes) {
        const uint32_t magnitude = code & (kind.a.sign_bit() - 1);
        const uint32_t field = magnitude >> kind.a.mantissa_bits;
        ASSERT_TRUE(magnitude == 0 || field != 0);
        ASSERT_LT(magnitude, kind.a == kE4m3 ? 0x7FU : ((1U << kind.a.exponent_bits) - 1) << kind.a.mantissa_bits);
      }
    }
  }
}

std::vector<const Kind*> all_kinds() {
  std::vector<const Kind*> kinds;
  for (const Kind& kind : gemm_grid::kKinds) kinds.push_back(&kind);
  return kinds;
}
INSTANTIATE_TEST_SUITE_P(Catalogue, GridOf, testing::ValuesIn(all_kinds()),
                         [](const auto& kind) { return std::string(kind.param->precision); });

// AVX512-FP16 multiplies in FP16: its products and their errors must fit.
TEST(GridOfFp16, KeepsProductsInTheRangeOfFp16) {
  const Kind& kind = gemm_grid::kind_of("gemm.fp16.grid");
  for (const uint32_t set : {0U, 77U}) {
    const GridOperands operands = grid_operands(kind, set);
    for (size_t line = 0; line < gemm_grid::kRows; ++line) {
      for (size_t t = 0; t < kDepth; ++t) {
        for (size_t other = 0; other < 8; ++other) {
          const Fraction a = decode(kFp16, operands.a[line * kDepth + t]);
          const Fraction b = decode(kFp16, operands.b[(line + other) * kDepth + t]);
          const auto product = static_cast<double>(a.significand * b.significand);
          if (product == 0) continue;
          ASSERT_LT(std::ldexp(std::abs(product), a.exponent + b.exponent), 65504);
          int exponent = a.exponent + b.exponent;
          for (int64_t rest = std::abs(a.significand * b.significand); rest % 2 == 0; rest /= 2) ++exponent;
          ASSERT_GE(exponent, -24);
        }
      }
    }
  }
}

TEST(GridOfInt8, HasTheExtremesAndEveryCode) {
  const GridOperands operands = grid_operands(gemm_grid::kind_of("gemm.int8.grid"), 0);
  const std::set<uint32_t> codes(operands.a.begin(), operands.a.end());
  EXPECT_EQ(codes.size(), 256U);
  const auto zeros = std::ranges::count(operands.b, 0U);
  EXPECT_GT(zeros, static_cast<std::ptrdiff_t>(operands.b.size() / 12));
}

}  // namespace
}  // namespace assay::probes::reference
