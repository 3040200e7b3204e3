// SPDX-License-Identifier: Apache-2.0
#include "probes/reference/matrix_unit.h"

#include <algorithm>
#include <bit>
#include <cstdlib>
#include <limits>
#include <utility>

#include "common/base/check.h"

namespace assay::probes::reference {
namespace {

using enum Accumulation;
using enum ResultRounding;

constexpr MatrixUnit kUnits[] = {
    {"volta", "fp16", kFp16, kTruncate, 23, 4, kTowardZeroFp32},
    {"turing", "fp16", kFp16, kTruncate, 24, 8, kTowardZeroFp32},
    {"ampere", "fp16", kFp16, kTruncate, 24, 8, kTowardZeroFp32},
    {"ampere", "bf16", kBf16, kTruncate, 24, 8, kTowardZeroFp32},
    {"ampere", "tf32", kTf32, kTruncate, 24, 4, kTowardZeroFp32},
    {"ada", "fp16", kFp16, kTruncate, 24, 8, kTowardZeroFp32},
    {"ada", "bf16", kBf16, kTruncate, 24, 8, kTowardZeroFp32},
    {"ada", "tf32", kTf32, kTruncate, 24, 4, kTowardZeroFp32},
    {"ada", "e4m3", kE4m3, kTruncate, 13, 16, kTowardZeroE8m13},
    {"ada", "e5m2", kE5m2, kTruncate, 13, 16, kTowardZeroE8m13},
    // FP8 by wgmma; mma.sync converts to FP16 there.
    {"hopper", "fp16", kFp16, kTruncate, 25, 16, kTowardZeroFp32},
    {"hopper", "bf16", kBf16, kTruncate, 25, 16, kTowardZeroFp32},
    {"hopper", "tf32", kTf32, kTruncate, 25, 8, kTowardZeroFp32},
    {"hopper", "e4m3", kE4m3, kTruncate, 13, 32, kTowardZeroE8m13},
    {"hopper", "e5m2", kE5m2, kTruncate, 13, 32, kTowardZeroE8m13},
    {"blackwell", "fp16", kFp16, kTruncate, 25, 16, kTowardZeroFp32},
    {"blackwell", "bf16", kBf16, kTruncate, 25, 16, kTowardZeroFp32},
    {"blackwell", "tf32", kTf32, kTruncate, 25, 8, kTowardZeroFp32},
    {"blackwell", "e4m3", kE4m3, kTruncate, 25, 32, kTowardZeroFp32},
    {"blackwell", "e5m2", kE5m2, kTruncate, 25, 32, kTowardZeroFp32},
    {"cdna3", "fp16", kFp16, kFloorApart, 24, 8, kNearestEvenFp32},
    {"cdna3", "bf16", kBf16, kFloorApart, 24, 8, kNearestEvenFp32},
    {"x86", "bf16", kBf16, kFmaPairs, 0, 2, kNearestEvenFp32},
    {"amx", "bf16", kBf16, kOddAndEven, 0, 32, kNearestEvenFp32},
};

constexpr NarrowFloat kFp32{8, 23, 127};
// Behind the point of the larger of products and addend, CDNA3's sum of products keeps more than either.
constexpr int kFloorSumBits = 31;
// Below any exponent that occurs: of zero, which aligns nothing.
constexpr int kNoExponent = std::numeric_limits<int>::min() / 4;

enum class Cut { kTowardZero, kDown };

// value * 2^up as an integer, cut.
int64_t shift(int64_t value, int up, Cut cut) {
  if (up >= 0) {
    ASSAY_CHECK(up < 63);
    return static_cast<int64_t>(static_cast<uint64_t>(value) << up);
  }
  const int down = std::min(-up, 63);
  if (cut == Cut::kDown) return value >> down;
  return value < 0 ? -(-value >> down) : value >> down;
}

// What the unit aligns by.
int hardware_exponent(const Fraction& x, int mantissa_bits) {
  return x.significand == 0 ? kNoExponent : x.exponent + mantissa_bits;
}

int largest_product_exponent(const NarrowFloat& operand, std::span<const Fraction> a, std::span<const Fraction> b) {
  int largest = kNoExponent;
  for (size_t t = 0; t < a.size(); ++t) {
    const bool zero = a[t].significand == 0 || b[t].significand == 0;
    largest = std::max(largest, zero ? kNoExponent : a[t].exponent + b[t].exponent + 2 * operand.mantissa_bits);
  }
  return largest;
}

// The products in units of 2^(largest - fraction_bits), each cut toward zero.
int64_t aligned_sum(std::span<const Fraction> a, std::span<const Fraction> b, int unit) {
  int64_t sum = 0;
  for (size_t t = 0; t < a.size(); ++t) {
    const int64_t product = a[t].significand * b[t].significand;
    if (product != 0) sum += shift(product, a[t].exponent + b[t].exponent - unit, Cut::kTowardZero);
  }
  return sum;
}

uint32_t truncate_block(const MatrixUnit& unit, std::span<const Fraction> a, std::span<const Fraction> b, uint32_t c) {
  const Fraction addend = decode(kFp32, c);
  const int largest =
      std::max(largest_product_exponent(unit.operand, a, b), hardware_exponent(addend, kFp32.mantissa_bits));
  if (largest == kNoExponent) return 0;
  const int last = largest - unit.fraction_bits;
  int64_t sum = aligned_sum(a, b, last);
  if (addend.significand != 0) sum += shift(addend.significand, addend.exponent - last, Cut::kTowardZero);
  return to_accumulator(sum, last, unit.rounding);
}

uint32_t floor_block(const MatrixUnit& unit, std::span<const Fraction> a, std::span<const Fraction> b, uint32_t c) {
  const Fraction addend = decode(kFp32, c);
  const int of_products = largest_product_exponent(unit.operand, a, b);
  const int largest = std::max(of_products, hardware_exponent(addend, kFp32.mantissa_bits));
  if (largest == kNoExponent) return 0;
  const int last = largest - kFloorSumBits;
  int64_t sum = 0;
  if (of_products != kNoExponent) {
    const int unit_of_products = of_products - unit.fraction_bits;
    sum = shift(aligned_sum(a, b, unit_of_products), unit_of_products - last, Cut::kDown);
  }
  if (addend.significand != 0) {
    const int64_t cut = shift(addend.significand, addend.exponent - (largest - unit.fraction_bits), Cut::kDown);
    sum += shift(cut, kFloorSumBits - unit.fraction_bits, Cut::kDown);
  }
  return to_accumulator(sum, last, unit.rounding);
}

// x + y, both exact fractions under 2^26 in significand, to nearest even. Results below the normal range are zero, as are
// subnormal addends (DAZ and FTZ of the instructions).
uint32_t round_sum(Fraction x, Fraction y) {
  if (x.significand == 0) std::swap(x, y);
  if (x.significand == 0) return 0;
  if (y.significand != 0 && x.exponent < y.exponent) std::swap(x, y);
  // x has the higher last place: lift it as far as 64 bits allow, and cut of y what lies below, remembering it.
  const int room = y.significand == 0 ? 0 : std::min(x.exponent - y.exponent, 34);
  int64_t sum = x.significand * (int64_t{1} << room);
  const int last = x.exponent - room;
  bool lost = false;
  if (y.significand != 0) {
    const int down = std::min(last - y.exponent, 62);
    const int64_t cut = y.significand >> down;  // toward -infinity: what is lost is positive
    lost = cut * (int64_t{1} << down) != y.significand;
    sum += cut;
  }
  // Two bits more: where something was lost the sum is over 2^40, and one odd unit there is neither a tie nor exact.
  sum = sum * 4 + (lost ? 1 : 0);
  const uint32_t result = to_accumulator(sum, last - 2, kNearestEvenFp32);
  return (result & 0x7F800000U) == 0 ? result & 0x80000000U : result;
}

Fraction flushed(uint32_t bits) {
  return (bits & 0x7F800000U) == 0 ? Fraction{} : decode(kFp32, bits);
}

Fraction product_of(const NarrowFloat& operand, const Fraction& a, const Fraction& b) {
  const auto subnormal = [&](const Fraction& x) { return std::abs(x.significand) < int64_t{1} << operand.mantissa_bits; };
  if (subnormal(a) || subnormal(b)) return {};
  return {a.significand * b.significand, a.exponent + b.exponent};
}

uint32_t fma_pair(const MatrixUnit& unit, std::span<const Fraction> a, std::span<const Fraction> b, uint32_t c) {
  for (size_t t = a.size(); t > 0; --t) {
    c = round_sum(product_of(unit.operand, a[t - 1], b[t - 1]), flushed(c));
  }
  return c;
}

uint32_t odd_and_even(const MatrixUnit& unit, std::span<const Fraction> a, std::span<const Fraction> b, uint32_t c) {
  uint32_t sums[2] = {0, 0};
  for (size_t t = 0; t < a.size(); ++t) {
    sums[t % 2] = round_sum(product_of(unit.operand, a[t], b[t]), flushed(sums[t % 2]));
  }
  return round_sum(flushed(c), flushed(round_sum(flushed(sums[0]), flushed(sums[1]))));
}

}  // namespace

uint32_t to_accumulator(int64_t sum, int exponent, ResultRounding rounding) {
  if (sum == 0) return 0;
  const uint32_t sign = sum < 0 ? 0x80000000U : 0;
  const uint64_t magnitude = sum < 0 ? 0 - static_cast<uint64_t>(sum) : static_cast<uint64_t>(sum);
  const int top = 63 - std::countl_zero(magnitude);
  const int keep = rounding == kTowardZeroE8m13 ? 13 : 23;
  // The last place of the result, and how far it lies above that of the sum.
  const int last = std::max(exponent + top, kFp32.least_exponent()) - keep;
  const int drop = last - exponent;
  if (drop >= 64) return sign;
  uint64_t kept = drop <= 0 ? magnitude << -drop : magnitude >> drop;
  if (rounding == kNearestEvenFp32 && drop > 0) {
    const uint64_t half = uint64_t{1} << (drop - 1);
    const uint64_t rest = magnitude & ((half << 1) - 1);
    if (rest > half || (rest == half && (kept & 1) != 0)) ++kept;
  }
  kept <<= 23 - keep;
  if (kept == 0) return sign;
  // A carry out of the significand moves into the exponent by itself.
  const int biased = last + keep + kFp32.bias;
  const uint64_t bits = kept >> 23 == 0 ? kept : kept + (static_cast<uint64_t>(biased - 1) << 23);
  return sign | static_cast<uint32_t>(std::min<uint64_t>(bits, 0x7F800000U));
}

std::span<const MatrixUnit> matrix_units() { return kUnits; }

const MatrixUnit* find_unit(std::string_view architecture, std::string_view format) {
  for (const MatrixUnit& unit : kUnits) {
    if (unit.architecture == architecture && unit.format == format) return &unit;
  }
  return nullptr;
}

uint32_t multiply_accumulate(const MatrixUnit& unit, std::span<const Fraction> a, std::span<const Fraction> b, uint32_t c) {
  ASSAY_CHECK(a.size() == b.size());
  for (size_t t = 0; t < a.size(); t += unit.block) {
    const size_t count = std::min<size_t>(unit.block, a.size() - t);
    const auto x = a.subspan(t, count);
    const auto y = b.subspan(t, count);
    switch (unit.accumulation) {
      case kTruncate:
        c = truncate_block(unit, x, y, c);
        break;
      case kFloorApart:
        c = floor_block(unit, x, y, c);
        break;
      case kFmaPairs:
        c = fma_pair(unit, x, y, c);
        break;
      case kOddAndEven:
        c = odd_and_even(unit, x, y, c);
        break;
    }
  }
  return c;
}

}  // namespace assay::probes::reference
