// SPDX-License-Identifier: Apache-2.0
// Which machine code runs on which chip ("CUDA C++ Programming Guide", "Binary Compatibility" and "Feature Set Compiler Targets").
#pragma once

#include <string>
#include <string_view>

#include "probes/backend/cuda/device_program.h"

namespace assay::probes::cuda {

// `architecture` as ASSAY_CUDA_ARCHS writes it: "80" runs on chips of the same major and no older minor; "90a" on that chip alone; "100f" on its
// family, as a plain one.
bool runs_on(std::string_view architecture, const Chip& chip);
// Whether one of "80;90a;120" does.
bool any_runs_on(std::string_view architectures, const Chip& chip);
// "" when the chip can load the image: machine code of `architectures` fits, or PTX may be used and the image has some. Else why not, in words.
std::string missing_code(std::string_view architectures, bool has_ptx, bool use_ptx, const Chip& chip);

}  // namespace assay::probes::cuda
