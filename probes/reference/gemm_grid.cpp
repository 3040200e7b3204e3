// SPDX-License-Identifier: Apache-2.0
#include "probes/reference/gemm_grid.h"

#include <fmt/format.h>

#include <bit>
#include <cstdlib>
#include <cmath>
#include <span>

#include "probes/reference/families.h"

namespace assay::probes::reference {
namespace {

using gemm_grid::BlockScale;
using gemm_grid::Element;
using gemm_grid::Kind;
using gemm_grid::kDepth;

// Operands and their sums stay in 64 bits: integers under 2^24, k of their products.
constexpr int64_t kIntegerBound = int64_t{1} << 24;

// Sum of products, exact, of each turn of a with the same b. kInvalid when the positive or the negative ones reach `bound` (0: none).
Result<int64_t> bounded_dot(std::span<const int64_t> a, std::span<const int64_t> b, int64_t bound) {
  int64_t positive = 0;
  int64_t negative = 0;
  for (size_t turn = 0; turn < a.size(); turn += kDepth) {
    for (size_t t = 0; t < kDepth; ++t) {
      const int64_t product = a[turn + t] * b[t];
      const int64_t sign = product >> 63;  // 0 or -1
      positive += product & ~sign;
      negative -= product & sign;
    }
  }
  if (bound != 0 && (positive >= bound || negative >= bound)) {
    return make_error(ErrorCode::kInvalid,
                      fmt::format("the products of one output add up to {} and -{}: not under the exact bound {}",
                                  positive, negative, bound));
  }
  return positive - negative;
}

// The integer that a fraction is in units of 2^unit.
Result<int64_t> in_units(const Fraction& value, int unit) {
  const int up = value.exponent - unit;
  const int64_t magnitude = std::abs(value.significand);
  if (magnitude == 0) return 0;
  const bool whole = up >= 0 || (up > -63 && (magnitude & ((int64_t{1} << -up) - 1)) == 0);
  if (!whole || up > 40) {
    return make_error(ErrorCode::kInvalid,
                      fmt::format("operand {} * 2^{} is not an integer times 2^{}", value.significand, value.exponent, unit));
  }
  const int64_t result = up >= 0 ? magnitude << up : magnitude >> -up;
  if (result >= kIntegerBound) return make_error(ErrorCode::kInvalid, fmt::format("operand {} is too wide", result));
  return value.significand < 0 ? -result : result;
}

Fraction scaled(const Kind& kind, const Fraction& element, uint8_t scale) {
  if (kind.scale == BlockScale::kE8m0) return {element.significand, element.exponent + scale - kE8m0Bias};
  const Fraction factor = decode(kE4m3, scale);
  return {element.significand * factor.significand, element.exponent + factor.exponent};
}

// One matrix: its lines and where their scales are.
struct Side {
  const NarrowFloat& format;
  std::span<const uint32_t> codes;
  std::span<const int> lines;       // exponents
  std::span<const uint8_t> scales;
  int sign;                         // of group and block exponents
};

// 2^unit of an element is what its line, group, block and, in block-scaled formats, the least subnormal make it.
int base_of(const Kind& kind, const NarrowFloat& format) {
  return kind.scale == BlockScale::kNone ? 0 : format.least_exponent() - format.mantissa_bits;
}

Result<std::vector<int64_t>> to_integers(const Kind& kind, const Side& side, const gemm_grid::Exponents& exponents) {
  std::vector<int64_t> integers;
  integers.reserve(side.codes.size());
  for (size_t i = 0; i < side.codes.size(); ++i) {
    const size_t line = i / kDepth;
    const size_t t = i % kDepth;
    if (kind.element != Element::kFloat) {
      const int bits = kind.element == Element::kInt8 ? 8 : 4;
      const auto code = static_cast<int64_t>(side.codes[i]);
      integers.push_back(code < (1 << (bits - 1)) ? code : code - (1 << bits));
      continue;
    }
    Fraction value = decode(side.format, side.codes[i]);
    int unit = side.lines[line] + base_of(kind, side.format);
    if (kind.scale == BlockScale::kNone) {
      unit += side.sign * exponents.group[t % gemm_grid::kGroups];
    } else {
      const size_t block = t / kind.block;
      value = scaled(kind, value, side.scales[line * gemm_grid::kMaxBlocks + block]);
      unit += side.sign * exponents.block[block];
    }
    integers.push_back(TRY(in_units(value, unit)));
  }
  return integers;
}

uint32_t output_bits(const Kind& kind, int64_t sum, int exponent) {
  if (kind.element != Element::kFloat) return static_cast<uint32_t>(sum);
  // Exact: under 2^24.
  return std::bit_cast<uint32_t>(static_cast<float>(std::ldexp(static_cast<double>(sum), exponent)));
}

}  // namespace

Fraction decode(const NarrowFloat& format, uint32_t code) {
  const uint32_t mantissa = code & ((1U << format.mantissa_bits) - 1);
  const auto field = static_cast<int>((code & (format.sign_bit() - 1)) >> format.mantissa_bits);
  const int64_t magnitude = field == 0 ? mantissa : mantissa | 1U << format.mantissa_bits;
  const int exponent = (field == 0 ? format.least_exponent() : field - format.bias) - format.mantissa_bits;
  return {(code & format.sign_bit()) != 0 ? -magnitude : magnitude, exponent};
}

GridOperands grid_operands(const Kind& kind, uint32_t operand_set) {
  GridOperands result;
  std::vector<uint32_t> a(size_t{gemm_grid::kRows} * kDepth);
  std::vector<uint32_t> b(size_t{gemm_grid::kColumns} * kDepth);
  result.exponents = gemm_grid::operands(kind, operand_set, {}, a.data(), b.data(), result.scales);
  const auto widen = [&](const std::vector<uint32_t>& packed) {
    const auto* bytes = reinterpret_cast<const unsigned char*>(packed.data());
    std::vector<uint32_t> codes;
    for (size_t i = 0; i < packed.size(); ++i) {
      uint32_t code = 0;
      for (uint32_t byte = 0; byte < kind.code_bytes; ++byte) code |= uint32_t{bytes[i * kind.code_bytes + byte]} << (8 * byte);
      codes.push_back(kind.code_bytes == 4 ? code >> 13 : code);
    }
    return codes;
  };
  result.a = widen(a);
  result.b = widen(b);
  return result;
}

Status grid_product(const Kind& kind, const GridOperands& operands, const StepSink& sink) {
  const gemm_grid::Exponents& exponents = operands.exponents;
  const auto a = TRY(to_integers(kind, {kind.a, operands.a, exponents.row, operands.scales.a, 1}, exponents));
  const auto b = TRY(to_integers(kind, {kind.b, operands.b, exponents.column, operands.scales.b, -1}, exponents));
  int common = base_of(kind, kind.a) + base_of(kind, kind.b);
  common += std::ilogb(operands.scales.tensor_a) + std::ilogb(operands.scales.tensor_b);
  std::vector<int64_t> rows(size_t{kind.turns} * kDepth);  // of A, turn after turn
  for (uint32_t step = 0; step < kind.steps; ++step) {
    std::vector<uint64_t> words;
    for (size_t i = 0; i < gemm_grid::kRows; ++i) {
      for (size_t u = 0; u < kind.turns; ++u) {
        const size_t ahead = (size_t{step} * kind.turns + u) * kind.shift;
        for (size_t t = 0; t < kDepth; ++t) rows[u * kDepth + t] = a[i * kDepth + (t + ahead) % kDepth];
      }
      for (size_t j = 0; j < gemm_grid::kColumns; ++j) {
        const int64_t sum = TRY(bounded_dot(rows, {b.data() + j * kDepth, kDepth}, kind.bound));
        const uint64_t bits = output_bits(kind, sum, exponents.row[i] + exponents.column[j] + common);
        if (j % 2 == 0) {
          words.push_back(bits);
        } else {
          words.back() |= bits << 32;
        }
      }
    }
    sink(step, words);
  }
  return {};
}

Status gemm_grid_product(std::string_view probe_id, uint32_t operand_set, const StepSink& sink) {
  const Kind& kind = gemm_grid::kind_of(probe_id);
  return grid_product(kind, grid_operands(kind, operand_set), sink);
}

}  // namespace assay::probes::reference
