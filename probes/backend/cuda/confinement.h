// SPDX-License-Identifier: Apache-2.0
// Asks what confines this process to a part of the device (reach.h). Every question may go unanswered by an older driver.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "probes/backend/cuda/driver_api.h"
#include "probes/backend/cuda/reach.h"

namespace assay::probes::cuda {

// `context` is the current one, of a device of `device_units`. `percentage` is the text of CUDA_MPS_ACTIVE_THREAD_PERCENTAGE, "" where it is not set;
// it counts only for a client of MPS.
ReachFacts ask_reach(const DriverApi& api, DriverHandle context, uint32_t device_units, bool mps, std::string_view percentage);
// 0 .. 100 with or without a fraction; absent for everything else.
std::optional<double> parse_percentage(std::string_view text);

}  // namespace assay::probes::cuda
