// SPDX-License-Identifier: Apache-2.0
// The programs of this folder as rows of the launcher's table (device_program.h).
#pragma once

#include <vector>

#include "probes/backend/cuda/device_program.h"

namespace assay::probes::cuda {

std::vector<DeviceProgram> own_programs();

}  // namespace assay::probes::cuda
