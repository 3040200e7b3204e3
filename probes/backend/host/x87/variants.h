// SPDX-License-Identifier: Apache-2.0
// The entry points of the files that are compiled for the 80-bit unit. They take raw pointers and use no library. See
// ChainStep and probes/catalogue/x87.h and x87_atan.h.
#pragma once

#include <cstdint>

namespace assay::probes::host {

void x87_arith(uint64_t* state, const uint64_t* params, uint32_t step);
void x87_atan_functions(uint64_t* state, const uint64_t* params, uint32_t step);

}  // namespace assay::probes::host
