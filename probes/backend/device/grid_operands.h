// SPDX-License-Identifier: Apache-2.0
// Operands of the matrix products as the portable programs take them: A by columns, then B by rows, as FP64 words, or two elements to a word as FP32 or
// as 32-bit integers, which every narrow format fits in. Decoded on the host, by the definition of each format.
#pragma once

#include <cstdint>
#include <span>

#include "probes/catalogue/gemm_grid.h"

namespace assay::probes::device {

// gemm.fp64.grid and gemm.fp32.grid. `params` has k * (m + n) elements.
void gemm_operands_f64(uint32_t operand_set, std::span<uint64_t> state, std::span<uint64_t> params);
void gemm_operands_f32(uint32_t operand_set, std::span<uint64_t> state, std::span<uint64_t> params);
// A probe of gemm_grid.h.
void grid_operands(const gemm_grid::Kind& kind, uint32_t operand_set, std::span<uint64_t> params);

}  // namespace assay::probes::device
