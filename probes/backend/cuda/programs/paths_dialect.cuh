// SPDX-License-Identifier: Apache-2.0
// What the programs of this folder need of CUDA beyond the dialect of device/programs. Their names in plain C++ are in tests/unit/cuda/paths_test.cpp.
#pragma once

#include "probes/backend/cuda/seat.cuh"

ASSAY_FN assay_u64 assay_load_shared_cache(const assay_u64* address) {
  assay_u64 value = 0;
  asm volatile("ld.global.cg.u64 %0, [%1];" : "=l"(value) : "l"(address) : "memory");
  return value;
}
ASSAY_FN unsigned long long* assay_cell(assay_u64* address) { return reinterpret_cast<unsigned long long*>(address); }

#define ASSAY_LOAD_SHARED_CACHE(address) assay_load_shared_cache(address)
#define ASSAY_DEVICE_FENCE() __threadfence()
#define ASSAY_ATOMIC_ADD_U64(address, value) atomicAdd(assay_cell(address), static_cast<unsigned long long>(value))
#define ASSAY_ATOMIC_XOR_U64(address, value) atomicXor(assay_cell(address), static_cast<unsigned long long>(value))
#define ASSAY_ATOMIC_MIN_U64(address, value) atomicMin(assay_cell(address), static_cast<unsigned long long>(value))
#define ASSAY_ATOMIC_MAX_U64(address, value) atomicMax(assay_cell(address), static_cast<unsigned long long>(value))
