// SPDX-License-Identifier: Apache-2.0
// What a chip is offered of a program, in words.
#pragma once

#include <span>

#include "probes/backend/cuda/device_program.h"
#include "probes/backend/cuda/images.h"
#include "probes/backend/device/accelerator.h"

namespace assay::probes::cuda {

// `use_ptx`: the driver may translate PTX where there is no machine code.
device::Offer offer_of(const DeviceProgram& program, const Chip& chip, std::span<const Image> images, bool use_ptx);

}  // namespace assay::probes::cuda
