// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/cuda_tensor/tile_product.h"

#include <bit>
#include <cmath>

#include "common/base/check.h"
#include "probes/reference/matrix_unit.h"

namespace assay::probes::tensor {
namespace {

// The emulator aligns by exponents as the format has them: of normal numbers the value's own, of subnormal ones the least.
reference::Fraction fraction_of(const NarrowFloat& format, double value) {
  if (value == 0) return {0, 0};
  const int exponent = std::max(std::ilogb(value), format.least_exponent()) - format.mantissa_bits;
  return {static_cast<int64_t>(std::ldexp(value, -exponent)), exponent};
}

std::string_view format_of(Number number) {
  switch (number) {
    case Number::kTf32:
      return "tf32";
    case Number::kFp16:
      return "fp16";
    case Number::kBf16:
      return "bf16";
    case Number::kE4m3:
      return "e4m3";
    default:
      return "e5m2";
  }
}

void multiply_emulated(const reference::MatrixUnit& unit, Tile& tile) {
  std::vector<reference::Fraction> x(size_t{tile.m} * tile.k);
  std::vector<reference::Fraction> y(size_t{tile.n} * tile.k);
  for (size_t i = 0; i < x.size(); ++i) x[i] = fraction_of(unit.operand, tile.a[i]);
  for (size_t t = 0; t < tile.k; ++t) {
    for (size_t j = 0; j < tile.n; ++j) y[j * tile.k + t] = fraction_of(unit.operand, tile.b[t * tile.n + j]);
  }
  for (size_t i = 0; i < tile.m; ++i) {
    for (size_t j = 0; j < tile.n; ++j) {
      double& c = tile.c[i * tile.n + j];
      const auto before = std::bit_cast<uint32_t>(static_cast<float>(c));
      c = std::bit_cast<float>(reference::multiply_accumulate(unit, {&x[i * tile.k], tile.k}, {&y[j * tile.k], tile.k}, before));
    }
  }
}

// Eight outputs side by side, which compilers make vectors of.
constexpr size_t kBlock = 8;
void add_block(const double* a, const double* b, size_t stride, size_t k, double* c) {
  double sums[kBlock];
  for (size_t j = 0; j < kBlock; ++j) sums[j] = c[j];
  for (size_t t = 0; t < k; ++t) {
    for (size_t j = 0; j < kBlock; ++j) sums[j] += a[t] * b[t * stride + j];
  }
  for (size_t j = 0; j < kBlock; ++j) c[j] = sums[j];
}

double wrapped(double sum) { return static_cast<int32_t>(static_cast<uint32_t>(static_cast<uint64_t>(static_cast<int64_t>(sum)))); }

}  // namespace

void multiply_tile(Number number, const Arithmetic& arithmetic, Tile& tile) {
  if (!arithmetic.architecture.empty()) {
    const reference::MatrixUnit* unit = reference::find_unit(arithmetic.architecture, format_of(number));
    ASSAY_CHECK(unit != nullptr);
    multiply_emulated(*unit, tile);
    return;
  }
  ASSAY_CHECK(tile.n % kBlock == 0);
  for (size_t i = 0; i < tile.m; ++i) {
    for (size_t j = 0; j < tile.n; j += kBlock) add_block(&tile.a[i * tile.k], &tile.b[j], tile.n, tile.k, &tile.c[i * tile.n + j]);
  }
  if (is_integer(number)) {
    for (double& c : tile.c) c = wrapped(c);
  }
}

uint32_t word_of(Number number, double value) {
  if (is_integer(number)) return static_cast<uint32_t>(static_cast<int32_t>(value));
  const auto rounded = static_cast<float>(value);
  ASSAY_CHECK(static_cast<double>(rounded) == value);
  return std::bit_cast<uint32_t>(rounded);
}

double value_of_word(Number number, uint32_t word) {
  if (is_integer(number)) return static_cast<int32_t>(word);
  return std::bit_cast<float>(word);
}

}  // namespace assay::probes::tensor
