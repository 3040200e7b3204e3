// SPDX-License-Identifier: Apache-2.0
// The kernel of cross.litmus: races between up to four CPUs whose forbidden outcomes are counted.
#pragma once

#include <memory>

#include "probes/backend/host/kernel.h"

namespace assay::probes::host {

// nullptr when memory or threads cannot be had.
std::unique_ptr<Kernel> make_litmus(const KernelSite& site);

}  // namespace assay::probes::host
