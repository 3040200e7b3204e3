// SPDX-License-Identifier: Apache-2.0
// The kernel tables of the families, one function each, defined in <family>/kernels.cpp. kernels.cpp puts them together.
#pragma once

#include <span>

#include "probes/backend/host/kernel.h"

namespace assay::probes::host {

std::span<const KernelEntry> gemm_kernels();
std::span<const KernelEntry> gemm_grid_kernels();
std::span<const KernelEntry> gemm_random_kernels();
std::span<const KernelEntry> fma_kernels();
std::span<const KernelEntry> int_mul_kernels();
std::span<const KernelEntry> div_kernels();
std::span<const KernelEntry> addmul_kernels();
std::span<const KernelEntry> x87_kernels();
std::span<const KernelEntry> transformer_kernels();
std::span<const KernelEntry> minmax_kernels();
std::span<const KernelEntry> cvt_kernels();
std::span<const KernelEntry> crc32c_kernels();
std::span<const KernelEntry> aes_kernels();
std::span<const KernelEntry> shuffle_kernels();
std::span<const KernelEntry> int_div_kernels();
std::span<const KernelEntry> int_alu_kernels();
std::span<const KernelEntry> int_bits_kernels();
std::span<const KernelEntry> int_mul32_kernels();
std::span<const KernelEntry> clmul_kernels();
std::span<const KernelEntry> gather_kernels();
std::span<const KernelEntry> mask_kernels();
std::span<const KernelEntry> sha256_kernels();
std::span<const KernelEntry> chacha20_kernels();
std::span<const KernelEntry> logistic_kernels();
std::span<const KernelEntry> sort_kernels();
std::span<const KernelEntry> hashmap_kernels();
std::span<const KernelEntry> interp_kernels();
std::span<const KernelEntry> zlib_kernels();
std::span<const KernelEntry> memory_kernels();
std::span<const KernelEntry> int_bytes_kernels();
std::span<const KernelEntry> int_mul52_kernels();
std::span<const KernelEntry> hop_kernels();
std::span<const KernelEntry> atomics_kernels();
std::span<const KernelEntry> lock_kernels();
std::span<const KernelEntry> pingpong_kernels();
std::span<const KernelEntry> litmus_kernels();

}  // namespace assay::probes::host
