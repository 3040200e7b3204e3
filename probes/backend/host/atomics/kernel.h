// SPDX-License-Identifier: Apache-2.0
// The kernel of cross.atomics: four streams of atomic operations dealt to up to four CPUs.
#pragma once

#include <memory>

#include "probes/backend/host/kernel.h"

namespace assay::probes::host {

// nullptr when memory or threads cannot be had.
std::unique_ptr<Kernel> make_atomics(const KernelSite& site);

}  // namespace assay::probes::host
