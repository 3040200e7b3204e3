// SPDX-License-Identifier: Apache-2.0
// The kernel of cross.pingpong: up to four CPUs that write their own parts of the same cache lines.
#pragma once

#include <memory>

#include "probes/backend/host/kernel.h"

namespace assay::probes::host {

// nullptr when memory or threads cannot be had.
std::unique_ptr<Kernel> make_pingpong(const KernelSite& site);

}  // namespace assay::probes::host
