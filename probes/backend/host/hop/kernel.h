// SPDX-License-Identifier: Apache-2.0
// The kernel of cross.hop: three roles dealt to up to three CPUs, blocks handed from one to the next.
#pragma once

#include <memory>

#include "probes/backend/host/kernel.h"

namespace assay::probes::host {

// nullptr when memory or threads cannot be had.
std::unique_ptr<Kernel> make_hop(const KernelSite& site);

}  // namespace assay::probes::host
