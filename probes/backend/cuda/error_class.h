// SPDX-License-Identifier: Apache-2.0
// What a CUDA driver error means to the runner: whether the device, the process or only this request is at fault.
#pragma once

#include <string_view>

#include "common/base/result.h"
#include "probes/backend/cuda/driver_api.h"

namespace assay::probes::cuda {

// CUresult, "Data types used by CUDA driver". kNotFound: no such device; kLimit: its memory is short; kConflict: others have it (exclusive mode, MPS full);
// kUnsupported: this build or launch does not fit it; kUnavailable: it is lost, or a sticky error says that this process can use it no more.
ErrorCode error_code_of(DriverResult result);
// Whether the context is lost with this error: every later call of the process fails alike ("corrupted context" in the words of cuda.h).
bool is_sticky(DriverResult result);
// "launching fma_fp64_kernel: CUDA_ERROR_ILLEGAL_ADDRESS (700): ...". `name` is what the driver calls it; "" where it does not say.
Error driver_error(DriverResult result, std::string_view doing, std::string_view name);

}  // namespace assay::probes::cuda
