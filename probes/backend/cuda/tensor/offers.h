// SPDX-License-Identifier: Apache-2.0
// Which chip has which program of the matrix units, on what silicon, or why not. What a chip would compute with other instructions is not offered:
// coverage never claims a unit that was not touched. The instructions that ptxas 13.0 makes of each kernel are its ground (tests/cuda, opcode histogram).
#pragma once

#include "probes/backend/cuda/device_program.h"
#include "probes/backend/cuda/tensor/table.h"

namespace assay::probes::tensor {

// By compute capability alone; whether the build has machine code for the chip, and whether a block finds room, the launcher decides.
cuda::Fit fit_of(const Program& program, const cuda::Chip& chip);

}  // namespace assay::probes::tensor
