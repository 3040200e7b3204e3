// SPDX-License-Identifier: Apache-2.0
// dsmem.exchange as a kernel of clusters of two blocks: both stay until both are done, whether they have work or not.
#include "probes/backend/cuda/programs/cluster_dialect.cuh"

#include "probes/backend/cuda/programs/dsmem_exchange.inl"
#include "probes/backend/device/programs/team_run.inl"

extern "C" __global__ void __cluster_dims__(2, 1, 1) __launch_bounds__(ASSAY_BLOCK_LANES, 1)
    dsmem_exchange_kernel(const __grid_constant__ AssayArguments args) {
  extern __shared__ __align__(1024) assay_u64 assay_memory[];
  __shared__ AssaySeat seat;
  __shared__ assay_u32 flags[ASSAY_BLOCK_LANES / ASSAY_TEAM * ASSAY_FLAG_WORDS];
  assay_take_seat(args, &seat);
  assay_cluster_barrier();
  if (seat.works != 0) {
    const AssayTeam team = assay_team_of(args, &seat, ASSAY_TEAM, assay_memory, ASSAY_MEMORY_WORDS, flags);
    dsmem_exchange_run(&team);
  }
  __syncthreads();
  assay_cluster_barrier();
}
