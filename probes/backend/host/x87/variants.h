// SPDX-License-Identifier: Apache-2.0
// The entry points of the file that is compiled for the 80-bit unit. It takes raw pointers and uses no library. See
// ChainStep and probes/catalogue/x87.h.
#pragma once

#include <cstdint>

namespace assay::probes::host {

void x87_arith(uint64_t* state, const uint64_t* params, uint32_t step);

}  // namespace assay::probes::host
