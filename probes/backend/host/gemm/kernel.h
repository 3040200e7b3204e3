// SPDX-License-Identifier: Apache-2.0
// The kernel of the GEMM probes: operands in panels made for the register tile of the variant, one product a step.
#pragma once

#include <cstdint>
#include <memory>

#include "probes/backend/host/gemm/blocks.h"
#include "probes/backend/host/kernel.h"

namespace assay::probes::host {

// c = the product of gemm.h with A `shift` ahead; panels as GemmBlock says, everything aligned to 64 bytes.
using GemmF64 = void (*)(const double* a, const double* b, uint32_t shift, double* c);
using GemmF32 = void (*)(const float* a, const float* b, uint32_t shift, float* c);

// nullptr when the memory cannot be had.
std::unique_ptr<Kernel> make_gemm(GemmF64 product, const GemmBlock& block);
std::unique_ptr<Kernel> make_gemm(GemmF32 product, const GemmBlock& block);

}  // namespace assay::probes::host
