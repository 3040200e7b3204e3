// SPDX-License-Identifier: Apache-2.0
// The kernel around <program>_run: included once a program, after team_run.inl. Its name is <program>_kernel. A block is `teams` teams side by side;
// of large teams at most two, for those carry tiles in registers and 128 of them a lane are too few. A program that needs more than 128 for another
// reason defines ASSAY_BLOCK_LANES_AT_MOST. The launcher asks the driver what came of it.
#ifdef ASSAY_BLOCK_LANES_AT_MOST
#define ASSAY_LAUNCH_BOUND ASSAY_BLOCK_LANES_AT_MOST
#else
#define ASSAY_LAUNCH_BOUND (ASSAY_TEAM == 32 ? ASSAY_BLOCK_LANES : 2 * ASSAY_TEAM)
#endif
extern "C" __global__ void __launch_bounds__(ASSAY_LAUNCH_BOUND, 1) ASSAY_NAME(kernel)(const __grid_constant__ AssayArguments args) {
  extern __shared__ __align__(1024) assay_u64 assay_memory[];
  __shared__ AssaySeat seat;
  __shared__ assay_u32 flags[ASSAY_BLOCK_LANES / ASSAY_TEAM * ASSAY_FLAG_WORDS];
  assay_take_seat(args, &seat);
  if (seat.works == 0) {
    return;
  }
  const AssayTeam team = assay_team_of(args, &seat, ASSAY_TEAM, assay_memory, ASSAY_MEMORY_WORDS, flags);
  ASSAY_NAME(run)(&team);
}

#undef ASSAY_LAUNCH_BOUND
