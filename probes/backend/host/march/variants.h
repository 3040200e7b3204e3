// SPDX-License-Identifier: Apache-2.0
// The entry points of the files that are compiled for one instruction set each. They take raw pointers and use no
// library, so that nothing inline is emitted there with instructions that the rest of the program must not contain.
// See MarchFunction.
#pragma once

#include <cstdint>

#include "probes/backend/host/march/pass.h"

namespace assay::probes::host {

void march_scalar(uint64_t* memory, uint64_t* output, const MarchPass& pass);
void march_neon(uint64_t* memory, uint64_t* output, const MarchPass& pass);
void march_avx2(uint64_t* memory, uint64_t* output, const MarchPass& pass);
void march_avx512(uint64_t* memory, uint64_t* output, const MarchPass& pass);

}  // namespace assay::probes::host
