// SPDX-License-Identifier: Apache-2.0
#include "probes/catalogue/gemm_random.h"

#include <algorithm>
#include <bit>

#include "common/base/check.h"
#include "probes/catalogue/operand_seed.h"

namespace assay::probes::gemm_random {
namespace {

using gemm_grid::kDepth;

constexpr int kDeepest = 9;  // of the exponents of even lines
// Of e4m3 its all-ones codes are NaN, of e5m2 the highest exponent is infinity and NaN.
constexpr bool is_finite(const NarrowFloat& format, uint32_t code) {
  const uint32_t magnitude = code & (format.sign_bit() - 1);
  return format == kE4m3 ? magnitude != 0x7F : magnitude < 0x7C;
}

// From 32 random bits: mantissa lowest, then the sign, the exponent highest.
class Draw {
 public:
  explicit Draw(const Kind& kind) : kind_(kind), mantissa_mask_((1U << kind.format.mantissa_bits) - 1) {}

  uint32_t normal(uint32_t bits) const {
    return with_exponent(bits, -std::min(std::countl_zero(bits | 1), kDeepest));
  }
  uint32_t wide(uint32_t bits) const {
    if (kind_.code_bytes == 1) {
      const uint32_t code = bits >> 24;
      return is_finite(kind_.format, code) ? code : code & 0x83;  // a small one instead
    }
    const auto range = static_cast<uint32_t>(kind_.greatest_exponent - kind_.least_exponent + 1);
    return with_exponent(bits, kind_.least_exponent + static_cast<int>((bits >> 16) * range >> 16));
  }

 private:
  uint32_t with_exponent(uint32_t bits, int exponent) const {
    const NarrowFloat& format = kind_.format;
    const uint32_t sign = (bits >> format.mantissa_bits & 1) != 0 ? format.sign_bit() : 0;
    const int biased = std::max(exponent + format.bias, 1);
    return sign | static_cast<uint32_t>(biased) << format.mantissa_bits | (bits & mantissa_mask_);
  }

  const Kind& kind_;
  uint32_t mantissa_mask_;
};

// Two elements to a random word.
template <typename T>
void fill(Random& random, const Kind& kind, uint32_t lines, uint32_t panel, uint32_t run, T* out) {
  const Draw draw(kind);
  const uint32_t up = kind.code_bytes == 4 ? 13 : 0;
  for (uint32_t line = 0; line < lines; ++line) {
    T* start = out + size_t{line / panel} * kDepth * panel + size_t{line % panel} * run;
    for (uint32_t t = 0; t < kDepth; t += 2) {
      const uint64_t word = random.next();
      for (uint32_t odd = 0; odd < 2; ++odd) {
        const auto bits = static_cast<uint32_t>(word >> (32 * odd));
        const uint32_t code = (line % 2 == 0 ? draw.normal(bits) : draw.wide(bits)) << up;
        start[size_t{(t + odd) / run} * panel * run + (t + odd) % run] = static_cast<T>(code);
      }
    }
  }
}

}  // namespace

const Kind* find_kind(std::string_view id) {
  const auto found = std::ranges::find(kKinds, id, &Kind::id);
  return found == kKinds.end() ? nullptr : &*found;
}

void operands(const Kind& kind, uint32_t operand_set, gemm_grid::Layout layout, void* a, void* b) {
  ASSAY_CHECK(layout.run == 1 || layout.run == 2 || layout.run == 4);
  Random random = operand_random(kind.id, kVersion, operand_set);
  const auto both = [&](auto* to_a, auto* to_b) {
    fill(random, kind, gemm_grid::kRows, layout.lines_of_a, layout.run, to_a);
    fill(random, kind, gemm_grid::kColumns, layout.lines_of_b, layout.run, to_b);
  };
  if (kind.code_bytes == 1) return both(static_cast<uint8_t*>(a), static_cast<uint8_t*>(b));
  if (kind.code_bytes == 2) return both(static_cast<uint16_t*>(a), static_cast<uint16_t*>(b));
  both(static_cast<uint32_t*>(a), static_cast<uint32_t*>(b));
}

}  // namespace assay::probes::gemm_random
