// SPDX-License-Identifier: Apache-2.0
// The kernel of zlib.roundtrip: the streams of the library and the text. Built only where there is a zlib.
#pragma once

#include <memory>

#include "probes/backend/host/kernel.h"

namespace assay::probes::host {

// nullptr when the memory cannot be had, that of the library included.
std::unique_ptr<Kernel> make_zlib(const KernelSite& site);

}  // namespace assay::probes::host
