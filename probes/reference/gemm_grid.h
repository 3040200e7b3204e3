// SPDX-License-Identifier: Apache-2.0
// The narrow grid products on given operands, so that the refusal of bad ones can be tested, and the numbers behind
// codes as fractions, for the other references of matrix units.
#pragma once

#include <cstdint>
#include <vector>

#include "common/base/result.h"
#include "probes/catalogue/gemm_grid.h"
#include "probes/reference/reference.h"

namespace assay::probes::reference {

// A finite number: significand * 2^exponent, the significand an integer with its sign, the hidden one in it; normal
// numbers are not shortened, so `exponent + mantissa_bits` is the exponent that the hardware sees.
struct Fraction {
  int64_t significand = 0;
  int exponent = 0;
};
// The number of a code at the low end of a word. Infinities and NaN of the format are not told apart: give none.
Fraction decode(const NarrowFloat& format, uint32_t code);

// A row-major, B column-major, one code an element, at the low end (tf32 too).
struct GridOperands {
  std::vector<uint32_t> a;
  std::vector<uint32_t> b;
  gemm_grid::Scales scales;
  gemm_grid::Exponents exponents;
};
GridOperands grid_operands(const gemm_grid::Kind& kind, uint32_t operand_set);

// kInvalid when an operand is not an integer of its unit, or the products of any output of any step reach the bound.
Status grid_product(const gemm_grid::Kind& kind, const GridOperands& operands, const StepSink& sink);

}  // namespace assay::probes::reference
