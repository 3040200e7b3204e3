// SPDX-License-Identifier: Apache-2.0
// Register tiles of the GEMM kernels: rows of A and columns of B that one tile holds, by instruction set. Operands are
// laid out for them.
#pragma once

namespace assay::probes::host {

struct GemmBlock {
  int rows;
  int vectors;    // of columns
  int width_f64;  // elements a vector; twice that in FP32
};

// As many accumulators as hide the latency of a fused multiply-add and leave registers for the operands.
inline constexpr GemmBlock kGemmScalar{4, 2, 1};
inline constexpr GemmBlock kGemmAvx2{4, 3, 4};
inline constexpr GemmBlock kGemmAvx512{8, 3, 8};
inline constexpr GemmBlock kGemmNeon{8, 3, 2};

}  // namespace assay::probes::host
