// SPDX-License-Identifier: Apache-2.0
// Which hardware unit numbers there are: one block a unit says where it is (unit_map.h makes the map of it). Numbers can have gaps, and %nsmid may be
// above the number of units (PTX ISA, "%nsmid").
#include "probes/backend/cuda/seat.cuh"

extern "C" __global__ void __launch_bounds__(32, 1) census_bound_kernel(const __grid_constant__ AssayArguments args) {
  if (threadIdx.x == 0 && blockIdx.x == 0) {
    assay_at<AssayBoard>(args.board)->nsmid = assay_hardware_unit_bound();
  }
}

extern "C" __global__ void __launch_bounds__(32, 1) census_kernel(const __grid_constant__ AssayArguments args) {
  __shared__ AssaySeat seat;
  assay_take_seat(args, &seat);
}
