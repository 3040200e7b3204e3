// SPDX-License-Identifier: Apache-2.0
// The kernel of hashmap.mix: owns the table.
#pragma once

#include <memory>

#include "probes/backend/host/kernel.h"

namespace assay::probes::host {

// nullptr when the memory cannot be had.
std::unique_ptr<Kernel> make_hashmap(const KernelSite& site);

}  // namespace assay::probes::host
