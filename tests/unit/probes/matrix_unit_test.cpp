// SPDX-License-Identifier: Apache-2.0
// The emulators of matrix units against hand-computed vectors, the published probes of tensor cores, and their own
// properties.
#include "probes/reference/matrix_unit.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "common/base/random.h"
#include "probes/reference/soft_float.h"

namespace assay::probes::reference {
namespace {

// Any number that the format has exactly.
Fraction number(const NarrowFloat& format, double value) {
  if (value == 0) return decode(format, 0);
  int exponent = std::ilogb(value) - format.mantissa_bits;
  exponent = std::max(exponent, format.least_exponent() - format.mantissa_bits);
  const auto significand = static_cast<int64_t>(std::ldexp(value, -exponent));
  EXPECT_EQ(std::ldexp(static_cast<double>(significand), exponent), value) << "not a number of the format";
  return {significand, exponent};
}

float product(std::string_view architecture, std::string_view format, std::vector<double> a, std::vector<double> b,
              float c = 0) {
  const MatrixUnit* unit = find_unit(architecture, format);
  EXPECT_NE(unit, nullptr);
  std::vector<Fraction> x;
  std::vector<Fraction> y;
  for (const double v : a) x.push_back(number(unit->operand, v));
  for (const double v : b) y.push_back(number(unit->operand, v));
  return std::bit_cast<float>(multiply_accumulate(*unit, x, y, std::bit_cast<uint32_t>(c)));
}

std::vector<double> ones(size_t count) { return std::vector<double>(count, 1.0); }

// Fasi et al., section 3: products are exact and subnormal operands are supported.
TEST(MatrixUnit, KeepsProductsExactAndSubnormalsAlive) {
  for (const char* architecture : {"volta", "turing", "ampere", "ada", "hopper", "blackwell"}) {
    SCOPED_TRACE(architecture);
    const double full = 1 + std::ldexp(1, -10);
    EXPECT_EQ(product(architecture, "fp16", {full}, {full}), static_cast<float>(full * full));
    EXPECT_EQ(product(architecture, "fp16", {std::ldexp(1, -24)}, {4.0}), std::ldexp(1.0F, -22));
    EXPECT_EQ(product(architecture, "fp16", {std::ldexp(1, -24)}, {std::ldexp(1, -24)}), std::ldexp(1.0F, -48));
  }
}

// Fasi et al.: additions round toward zero, in either sign. 1 + 2^-24 + 2^-24 is 1 where no bit is kept below FP32's.
TEST(MatrixUnit, RoundsTowardZero) {
  for (const char* architecture : {"volta", "ampere", "hopper"}) {
    SCOPED_TRACE(architecture);
    const double last = std::ldexp(1, -12);
    EXPECT_EQ(product(architecture, "fp16", {last}, {last * 1.5}, 1.0F), 1.0F);
    EXPECT_EQ(product(architecture, "fp16", {-last}, {last * 1.5}, -1.0F), -1.0F);
    // To nearest it would be one more.
    EXPECT_EQ(product(architecture, "fp16", {last}, {last * 1.5}, 3.0F), 3.0F);
  }
}

// Fasi et al.: extra bits of the aligned addends. Two halves of the last place come together if one more bit is kept.
TEST(MatrixUnit, KeepsAsManyExtraBitsAsTheTableSays) {
  const double half = std::ldexp(1, -12);  // half * half = 2^-24
  EXPECT_EQ(product("volta", "fp16", {half, half}, {half, half}, 1.0F), 1.0F);
  EXPECT_EQ(product("ampere", "fp16", {half, half}, {half, half}, 1.0F), 1.0F + std::ldexp(1.0F, -23));
  // Four quarters need two more.
  const std::vector<double> four(4, half);
  const std::vector<double> quarters(4, half / 2);
  EXPECT_EQ(product("volta", "fp16", four, quarters, 1.0F), 1.0F);
  EXPECT_EQ(product("ampere", "fp16", four, quarters, 1.0F), 1.0F);
  EXPECT_EQ(product("hopper", "fp16", four, quarters, 1.0F), 1.0F + std::ldexp(1.0F, -23));
}

// Fasi et al.: a block is added at once, without normalisation between: what is small beside its largest term is gone even
// where that cancels, and what stands in the next block is not.
TEST(MatrixUnit, AddsWholeBlocksAtOnce) {
  const double big = std::ldexp(1, 14);
  for (const MatrixUnit& unit : matrix_units()) {
    if (unit.accumulation != Accumulation::kTruncate || unit.format != "fp16") continue;
    SCOPED_TRACE(unit.architecture);
    // big * big - big * big + 2^-10 in one block: 2^-10 is cut away beside 2^28.
    std::vector<double> a(unit.block, 0.0);
    std::vector<double> b(unit.block, 0.0);
    a[0] = a[1] = big;
    b[0] = big;
    b[1] = -big;
    a[unit.block - 1] = std::ldexp(1, -5);
    b[unit.block - 1] = std::ldexp(1, -5);
    EXPECT_EQ(product(unit.architecture, "fp16", a, b), 0.0F);
    // In the next block it stands alone.
    a[unit.block - 1] = b[unit.block - 1] = 0;
    a.push_back(std::ldexp(1, -5));
    b.push_back(std::ldexp(1, -5));
    EXPECT_EQ(product(unit.architecture, "fp16", a, b), std::ldexp(1.0F, -10));
  }
}

// DeepSeek-V3, 3.3.2: FP8 on Hopper keeps 13 fraction bits; Blackwell does not have that loss.
TEST(MatrixUnit, LosesBitsOfFp8OnAdaAndHopperOnly) {
  // 1 + 2^-14 of products in one block.
  const std::vector<double> a = {1.0, std::ldexp(1, -6)};
  const std::vector<double> b = {1.0, std::ldexp(1, -8)};
  for (const char* architecture : {"ada", "hopper"}) EXPECT_EQ(product(architecture, "e4m3", a, b), 1.0F);
  EXPECT_EQ(product("blackwell", "e4m3", a, b), 1.0F + std::ldexp(1.0F, -14));
  const std::vector<double> c = {1.0, std::ldexp(1, -6)};
  const std::vector<double> d = {1.0, std::ldexp(1, -7)};
  EXPECT_EQ(product("hopper", "e4m3", c, d), 1.0F + std::ldexp(1.0F, -13));
  // The accumulator keeps no more between blocks, though it is FP32.
  EXPECT_EQ(product("hopper", "e4m3", {0.0}, {0.0}, 1.0F + std::ldexp(1.0F, -14)), 1.0F);
}

// MMA-Sim: CDNA3 cuts the sum toward -infinity and rounds the result to nearest even.
TEST(MatrixUnit, FloorsOnCdna3) {
  const double tiny = std::ldexp(1, -14);
  EXPECT_EQ(product("cdna3", "fp16", {1.0, tiny}, {1.0, tiny}), 1.0F);
  // An addend far below the products, negative: floor makes it one unit of 2^-24 below, which rounds to even at 1 - 2^-24.
  EXPECT_EQ(product("cdna3", "fp16", {1.0}, {1.0}, -std::ldexp(1.0F, -60)), 1.0F - std::ldexp(1.0F, -24));
  EXPECT_EQ(product("cdna3", "fp16", {1.0}, {1.0}, std::ldexp(1.0F, -60)), 1.0F);
  EXPECT_EQ(product("hopper", "fp16", {1.0}, {1.0}, -std::ldexp(1.0F, -60)), 1.0F);
}

// The instruction is two fused multiply-adds, the odd element first; soft_float has them in other code.
TEST(MatrixUnit, X86IsAChainOfFusedMultiplyAdds) {
  const MatrixUnit& unit = *find_unit("x86", "bf16");
  Random random(77);
  for (int round = 0; round < 20'000; ++round) {
    uint32_t codes[4];
    for (uint32_t& code : codes) code = static_cast<uint32_t>(random.next()) % 0x80 | (90 + static_cast<uint32_t>(random.below(70))) << 7 | static_cast<uint32_t>(random.below(2)) << 15;
    const uint32_t c = static_cast<uint32_t>(random.below(1U << 23)) | (90 + static_cast<uint32_t>(random.below(70))) << 23 | static_cast<uint32_t>(random.below(2)) << 31;
    const auto fma = [](uint32_t x, uint32_t y, uint64_t z) { return soft_fma(kBinary32, uint64_t{x} << 16, uint64_t{y} << 16, z); };
    const uint64_t expected = fma(codes[0], codes[1], fma(codes[2], codes[3], c));
    const Fraction a[] = {decode(kBf16, codes[0]), decode(kBf16, codes[2])};
    const Fraction b[] = {decode(kBf16, codes[1]), decode(kBf16, codes[3])};
    ASSERT_EQ(multiply_accumulate(unit, a, b, c), expected) << round;
  }
}

TEST(MatrixUnit, X86TakesAndGivesSubnormalsAsZero) {
  EXPECT_EQ(product("x86", "bf16", {std::ldexp(1, -127)}, {1.0}), 0.0F);
  EXPECT_EQ(product("x86", "bf16", {std::ldexp(1, -126)}, {0.5}), 0.0F);
  EXPECT_EQ(product("x86", "bf16", {std::ldexp(1, -126)}, {1.0}), std::ldexp(1.0F, -126));
  EXPECT_EQ(product("x86", "bf16", {0.0}, {0.0}, std::ldexp(1.0F, -130)), 0.0F);
}

// TDPBF16PS adds odd and even elements apart: another result than VDPBF16PS where that shows.
TEST(MatrixUnit, AmxAddsOddAndEvenApart) {
  const double big = std::ldexp(1, 30);
  EXPECT_EQ(product("amx", "bf16", {big, 1.0, -big, 0.0}, ones(4)), 1.0F);
  EXPECT_EQ(product("x86", "bf16", {big, 1.0, -big, 0.0}, ones(4)), 0.0F);
  EXPECT_EQ(product("amx", "bf16", ones(64), ones(64), 1.0F), 65.0F);
}

// Under the bound of the grid every unit gives the exact sum, in any order; beyond it they differ.
TEST(MatrixUnit, IsExactInAnyOrderUnderTheBoundAndNotBeyond) {
  Random random(5);
  for (const MatrixUnit& unit : matrix_units()) {
    SCOPED_TRACE(std::string(unit.architecture) + " " + std::string(unit.format));
    const bool fp8 = unit.format == "e4m3" || unit.format == "e5m2";
    const auto largest = static_cast<int64_t>(2 * unit.operand.significand_bits() > 8 ? 60 : 7);
    std::vector<Fraction> a;
    std::vector<Fraction> b;
    int64_t sum = 0;
    int64_t magnitudes = 0;
    while (magnitudes < (fp8 ? 8000 : 200'000)) {
      a.push_back(number(unit.operand, static_cast<double>(random.below(static_cast<uint64_t>(largest)) + 1)));
      b.push_back(number(unit.operand, random.below(2) != 0 ? 4.0 : -4.0));
      const auto term = static_cast<int64_t>(std::ldexp(static_cast<double>(a.back().significand * b.back().significand), a.back().exponent + b.back().exponent));
      sum += term;
      magnitudes += std::abs(term);
    }
    for (int order = 0; order < 20; ++order) {
      for (size_t i = a.size() - 1; i > 0; --i) {
        const size_t j = random.below(i + 1);
        std::swap(a[i], a[j]);
        std::swap(b[i], b[j]);
      }
      ASSERT_EQ(std::bit_cast<float>(multiply_accumulate(unit, a, b, 0)), static_cast<float>(sum));
    }
  }
  // Beyond: the same two hundred terms in two orders.
  std::vector<double> terms(200, std::ldexp(1, -12));
  terms.front() = 16384;
  const double forward = product("hopper", "fp16", terms, ones(200));
  std::ranges::reverse(terms);
  EXPECT_NE(product("hopper", "fp16", terms, ones(200)), forward);
}

TEST(MatrixUnit, GivesInfinityBeyondTheLargestNumber) {
  const double big = std::ldexp(1, 100);
  EXPECT_TRUE(std::isinf(product("hopper", "bf16", {big}, {big})));
  EXPECT_EQ(product("hopper", "bf16", {big}, {-big}), -std::numeric_limits<float>::infinity());
}

}  // namespace
}  // namespace assay::probes::reference
