// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/cuda_tensor/values.h"

#include <bit>
#include <cmath>
#include <map>
#include <vector>

#include "probes/reference/gemm_grid.h"

namespace assay::probes::tensor {
namespace {

double decoded(const NarrowFloat& format, uint32_t code) {
  const reference::Fraction it = reference::decode(format, code);
  return std::ldexp(static_cast<double>(it.significand), it.exponent);
}

double signed_of(uint32_t code, uint32_t bits) {
  const auto value = static_cast<int>(code);
  return value < 1 << (bits - 1) ? value : value - (1 << bits);
}

double narrow_value(Number number, Side side, uint32_t code) {
  switch (number) {
    case Number::kFp16:
      return decoded(kFp16, code);
    case Number::kBf16:
      return decoded(kBf16, code);
    case Number::kE4m3:
      return decoded(kE4m3, code);
    case Number::kE5m2:
      return decoded(kE5m2, code);
    case Number::kMxfp6:
      return code >> 6 != 0 ? std::nan("") : decoded(side == Side::kA ? kE2m3 : kE3m2, code);
    case Number::kMxfp4:
    case Number::kNvfp4:
      return decoded(kE2m1, code);
    default:
      return signed_of(code, bits_of(number));
  }
}

}  // namespace

double value_of(Number number, Side side, uint64_t code) {
  if (number == Number::kFp64) return std::bit_cast<double>(code);
  if (number == Number::kTf32) return decoded(kTf32, static_cast<uint32_t>(code) >> 13);
  thread_local std::map<std::pair<Number, Side>, std::vector<double>> tables;
  std::vector<double>& table = tables[{number, side}];
  if (table.empty()) {
    for (uint32_t each = 0; each < 1U << bits_of(number); ++each) table.push_back(narrow_value(number, side, each));
  }
  return table[code];
}

double scale_of(Number number, uint8_t code) { return number == Number::kNvfp4 ? decoded(kE4m3, code) : std::ldexp(1.0, code - kE8m0Bias); }

}  // namespace assay::probes::tensor
