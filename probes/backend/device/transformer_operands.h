// SPDX-License-Identifier: Apache-2.0
// Operands of transformer.step as its portable program takes them: of the state only the weights, for all else in it is zero at the start.
#pragma once

#include <cstdint>
#include <span>

namespace assay::probes::device {

// `params`: the weights, two floats to a word, then tokens and targets, a word each.
void transformer_operands(uint32_t operand_set, std::span<uint64_t> state, std::span<uint64_t> params);

}  // namespace assay::probes::device
