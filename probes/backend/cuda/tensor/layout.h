// SPDX-License-Identifier: Apache-2.0
// Lays the operands of the catalogue out as the programs of the matrix units read them (mma_shape.h, staged_shape.h).
#pragma once

#include <cstdint>
#include <vector>

#include "probes/backend/cuda/tensor/table.h"

namespace assay::probes::tensor {

// The parameter words of one operand set for a program; there is no state.
std::vector<uint64_t> operand_words(const Program& program, uint32_t operand_set);

}  // namespace assay::probes::tensor
