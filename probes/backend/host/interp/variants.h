// SPDX-License-Identifier: Apache-2.0
// The entry point of the file that is compiled for plain instructions. See ChainStep and probes/catalogue/interp.h.
#pragma once

#include <cstdint>

namespace assay::probes::host {

void interp_scalar(uint64_t* state, const uint64_t* params, uint32_t step);

}  // namespace assay::probes::host
