// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/device/grid_operands.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <vector>

#include "common/base/check.h"
#include "probes/catalogue/gemm.h"

namespace assay::probes::device {
namespace {

using gemm_grid::BlockScale;
using gemm_grid::Element;
using gemm_grid::kColumns;
using gemm_grid::kDepth;
using gemm_grid::kRows;
using gemm_grid::Kind;

// Exact: no format here has more bits of significand or range than FP32.
float decode(const NarrowFloat& format, uint32_t code) {
  const uint32_t fraction = code & ((1U << format.mantissa_bits) - 1);
  const auto field = static_cast<int>((code & (format.sign_bit() - 1)) >> format.mantissa_bits);
  const uint32_t significand = field == 0 ? fraction : fraction | 1U << format.mantissa_bits;
  const int exponent = (field == 0 ? format.least_exponent() : field - format.bias) - format.mantissa_bits;
  const float magnitude = std::ldexp(static_cast<float>(significand), exponent);
  return (code & format.sign_bit()) != 0 ? -magnitude : magnitude;
}

uint32_t code_at(const Kind& kind, const std::vector<uint8_t>& codes, size_t index) {
  uint32_t code = 0;
  std::memcpy(&code, codes.data() + index * kind.code_bytes, kind.code_bytes);
  return code;
}

uint32_t bits_of(const Kind& kind, const NarrowFloat& format, uint32_t code) {
  if (kind.element == Element::kFloat) {
    return std::bit_cast<uint32_t>(kind.code_bytes == 4 ? std::bit_cast<float>(code) : decode(format, code));
  }
  const uint32_t top = kind.element == Element::kInt8 ? 0x80 : 0x08;
  return (code ^ top) - top;
}

float scale_of(const Kind& kind, uint8_t code) {
  if (kind.scale == BlockScale::kNone) return 1;
  return kind.scale == BlockScale::kE8m0 ? std::ldexp(1.0F, code - kE8m0Bias) : decode(kE4m3, code);
}

// One matrix, whose element (line, t) is at t * lines + line.
void decode_side(const Kind& kind, const NarrowFloat& format, uint32_t lines, const std::vector<uint8_t>& codes, std::span<const uint8_t> scales,
                 float tensor, std::span<uint64_t> out) {
  for (uint32_t t = 0; t < kDepth; ++t) {
    for (uint32_t line = 0; line < lines; ++line) {
      const size_t at = size_t{t} * lines + line;
      uint32_t bits = bits_of(kind, format, code_at(kind, codes, at));
      if (kind.scale != BlockScale::kNone) {
        const float scale = scale_of(kind, scales[line * gemm_grid::kMaxBlocks + t / kind.block]) * tensor;
        bits = std::bit_cast<uint32_t>(std::bit_cast<float>(bits) * scale);
      }
      out[at / 2] |= static_cast<uint64_t>(bits) << (32 * (at % 2));
    }
  }
}

}  // namespace

void gemm_operands_f64(uint32_t operand_set, std::span<uint64_t>, std::span<uint64_t> params) {
  std::vector<double> a(size_t{gemm::kRowsF64} * kDepth);
  std::vector<double> b(size_t{gemm::kColumns} * kDepth);
  ASSAY_CHECK(params.size() == a.size() + b.size());
  gemm::operands_f64(operand_set, {gemm::kRowsF64, gemm::kColumns}, a.data(), b.data());
  std::memcpy(params.data(), a.data(), a.size() * sizeof(double));
  std::memcpy(params.data() + a.size(), b.data(), b.size() * sizeof(double));
}

void gemm_operands_f32(uint32_t operand_set, std::span<uint64_t>, std::span<uint64_t> params) {
  std::vector<float> a(size_t{gemm::kRowsF32} * kDepth);
  std::vector<float> b(size_t{gemm::kColumns} * kDepth);
  ASSAY_CHECK(2 * params.size() == a.size() + b.size());
  gemm::operands_f32(operand_set, {gemm::kRowsF32, gemm::kColumns}, a.data(), b.data());
  std::memcpy(params.data(), a.data(), a.size() * sizeof(float));
  std::memcpy(params.data() + a.size() / 2, b.data(), b.size() * sizeof(float));
}

void grid_operands(const Kind& kind, uint32_t operand_set, std::span<uint64_t> params) {
  std::vector<uint8_t> a(size_t{kRows} * kDepth * kind.code_bytes);
  std::vector<uint8_t> b(size_t{kColumns} * kDepth * kind.code_bytes);
  ASSAY_CHECK(2 * params.size() == size_t{kRows + kColumns} * kDepth);
  gemm_grid::Scales scales;
  gemm_grid::operands(kind, operand_set, {kRows, kColumns, 1}, a.data(), b.data(), scales);
  std::ranges::fill(params, 0);
  const size_t words_of_a = size_t{kRows} * kDepth / 2;
  decode_side(kind, kind.a, kRows, a, scales.a, scales.tensor_a, params.first(words_of_a));
  decode_side(kind, kind.b, kColumns, b, scales.b, scales.tensor_b, params.subspan(words_of_a));
}

}  // namespace assay::probes::device
