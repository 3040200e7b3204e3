// SPDX-License-Identifier: Apache-2.0
// l2.read and atomic.mix as kernels.
#include "probes/backend/cuda/programs/paths_dialect.cuh"

#include "probes/backend/cuda/programs/l2_read.inl"
#include "probes/backend/device/programs/team_run.inl"
#include "probes/backend/cuda/kernel_entry.inl"
#include "probes/backend/device/programs/end_program.inl"

#include "probes/backend/cuda/programs/atomic_mix.inl"
#include "probes/backend/device/programs/team_run.inl"
#include "probes/backend/cuda/kernel_entry.inl"
#include "probes/backend/device/programs/end_program.inl"
