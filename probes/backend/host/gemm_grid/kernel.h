// SPDX-License-Identifier: Apache-2.0
// The kernel of the narrow grid products: codes in panels made for the register tile of the variant, one product a step.
#pragma once

#include <memory>

#include "probes/backend/host/gemm_grid/blocks.h"
#include "probes/backend/host/gemm_grid/variants.h"
#include "probes/backend/host/kernel.h"
#include "probes/catalogue/gemm_grid.h"

namespace assay::probes::host {

// Fills a and b, laid out for the block, and the scales where the kind has them.
using GridOperands = void (*)(const gemm_grid::Kind& kind, uint32_t operand_set, const GridBlock& block, void* a, void* b,
                              gemm_grid::Scales& scales);
// Those of gemm_grid.h.
void grid_operands(const gemm_grid::Kind& kind, uint32_t operand_set, const GridBlock& block, void* a, void* b,
                   gemm_grid::Scales& scales);
gemm_grid::Layout layout_of(const GridBlock& block);

// nullptr when the memory cannot be had.
std::unique_ptr<Kernel> make_grid(const gemm_grid::Kind& kind, GridProduct product, const GridBlock& block,
                                  GridOperands operands = grid_operands);

}  // namespace assay::probes::host
