// SPDX-License-Identifier: Apache-2.0
// The entry points of the files that are compiled for one instruction set each. They take raw pointers and use no
// library, so that nothing inline is emitted there with instructions that the rest of the program must not contain.
#pragma once

#include <cstdint>

#include "probes/backend/host/memory/pass.h"

namespace assay::probes::host {

MemoryFunction memory_scalar(MemoryLoop loop);
MemoryFunction memory_neon(MemoryLoop loop);
MemoryFunction memory_avx2(MemoryLoop loop);
MemoryFunction memory_avx512(MemoryLoop loop);

void memory_strides_scalar(uint64_t* memory, uint64_t* output, const MemoryStrides& strides);
void memory_strides_neon(uint64_t* memory, uint64_t* output, const MemoryStrides& strides);
void memory_strides_avx2(uint64_t* memory, uint64_t* output, const MemoryStrides& strides);
void memory_strides_avx512(uint64_t* memory, uint64_t* output, const MemoryStrides& strides);

}  // namespace assay::probes::host
