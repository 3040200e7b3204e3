// SPDX-License-Identifier: Apache-2.0
// The entry points of the files that are compiled for one instruction set each. See ChainStep and probes/catalogue/int_div.h.
#pragma once

#include <cstdint>

namespace assay::probes::host {

void int_div_scalar(uint64_t* state, const uint64_t* params, uint32_t step);

}  // namespace assay::probes::host
