// SPDX-License-Identifier: Apache-2.0
// <program>_shape for each program of programs/list.inl, from the very numbers that its file defines.
#pragma once

#include "probes/backend/device/portable.h"
#include "probes/backend/device/programs/plain.h"

namespace assay::probes::device {

#define ASSAY_ENTRY "probes/backend/device/programs/shape_entry.inl"
#include "probes/backend/device/programs/all.inl"
#undef ASSAY_ENTRY

}  // namespace assay::probes::device
