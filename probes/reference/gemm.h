// SPDX-License-Identifier: Apache-2.0
// The grid products on given operands, so that the refusal of bad ones can be tested.
#pragma once

#include <vector>

#include "common/base/result.h"
#include "probes/catalogue/gemm.h"
#include "probes/reference/reference.h"

namespace assay::probes::reference {

// A row-major, B column-major, as gemm.h lays them out with panels of 1.
struct GemmOperandsF64 {
  std::vector<double> a;
  std::vector<double> b;
  gemm::Exponents exponents;
};
struct GemmOperandsF32 {
  std::vector<float> a;
  std::vector<float> b;
  gemm::Exponents exponents;
};
GemmOperandsF64 gemm_operands_f64(uint32_t operand_set);
GemmOperandsF32 gemm_operands_f32(uint32_t operand_set);

// kInvalid when an operand is not an integer of its unit, or the products of any output of any step reach 2^53 or 2^24.
Status gemm_product_f64(const GemmOperandsF64& operands, const StepSink& sink);
Status gemm_product_f32(const GemmOperandsF32& operands, const StepSink& sink);

}  // namespace assay::probes::reference
