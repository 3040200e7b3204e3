// SPDX-License-Identifier: Apache-2.0
// The programs of the matrix units as rows of the launcher's table (device_program.h).
#pragma once

#include <vector>

#include "probes/backend/cuda/device_program.h"

namespace assay::probes::tensor {

// The strongest of a probe first.
std::vector<cuda::DeviceProgram> device_rows();

}  // namespace assay::probes::tensor
