// SPDX-License-Identifier: Apache-2.0
// Every portable program (device/programs) as a kernel.
#include "probes/backend/cuda/seat.cuh"

#define ASSAY_ENTRY "probes/backend/cuda/kernel_entry.inl"
#include "probes/backend/device/programs/all.inl"
