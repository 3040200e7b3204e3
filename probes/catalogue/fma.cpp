// SPDX-License-Identifier: Apache-2.0
#include "probes/catalogue/fma.h"

#include "common/base/check.h"
#include "probes/catalogue/float_operands.h"
#include "probes/catalogue/operand_seed.h"

namespace assay::probes::fma {

void operands_f64(uint32_t operand_set, std::span<uint64_t> state, std::span<uint64_t> params) {
  ASSAY_CHECK(state.size() == kStateWords && params.size() == kParamWords);
  draw_operands_f64(operand_random(kIdF64, kVersion, operand_set), state, params);
}

void operands_f32(uint32_t operand_set, std::span<uint64_t> state, std::span<uint64_t> params) {
  ASSAY_CHECK(state.size() == kStateWords && params.size() == kParamWords);
  draw_operands_f32(operand_random(kIdF32, kVersion, operand_set), state, params);
}

}  // namespace assay::probes::fma
