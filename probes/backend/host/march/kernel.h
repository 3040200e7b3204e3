// SPDX-License-Identifier: Apache-2.0
// The kernel of mem.march: owns the memory under test.
#pragma once

#include <cstdint>
#include <memory>

#include "probes/backend/host/kernel.h"
#include "probes/backend/host/march/pass.h"

namespace assay::probes::host {

// nullptr when the memory cannot be had.
std::unique_ptr<Kernel> make_march(MarchFunction function, uint32_t words_per_vector);

}  // namespace assay::probes::host
