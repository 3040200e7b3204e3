// SPDX-License-Identifier: Apache-2.0
// The entry points of the files that are compiled for one instruction set each. They take raw pointers and use no
// library, so that nothing inline is emitted there with instructions that the rest of the program must not contain.
// See ChainStep and probes/catalogue/cvt.h.
#pragma once

#include <cstdint>

namespace assay::probes::host {

void cvt_scalar(uint64_t* state, const uint64_t* params, uint32_t step);
void cvt_sse(uint64_t* state, const uint64_t* params, uint32_t step);
void cvt_avx2(uint64_t* state, const uint64_t* params, uint32_t step);
void cvt_avx512(uint64_t* state, const uint64_t* params, uint32_t step);
void cvt_avx512_bf16(uint64_t* state, const uint64_t* params, uint32_t step);

}  // namespace assay::probes::host
