// SPDX-License-Identifier: Apache-2.0
// The entry points of the files that are compiled for one instruction set each. They take raw pointers and use no library, so that
// nothing inline is emitted there with instructions that the rest of the program must not contain. See ChainStep and
// probes/catalogue/int_mul52.h.
#pragma once

#include <cstdint>

namespace assay::probes::host {

void int_mul52_scalar(uint64_t* state, const uint64_t* params, uint32_t step);
void int_mul52_avx512(uint64_t* state, const uint64_t* params, uint32_t step);

}  // namespace assay::probes::host
