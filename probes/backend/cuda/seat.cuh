// SPDX-License-Identifier: Apache-2.0
// How a block finds out which unit it is on and whether it is the one to do that unit's work. The launcher sizes dynamic shared memory so that one
// block fills a unit; the table of claims, read back by the host (claims.h), is the proof that each wanted unit was reached, not that argument.
#pragma once

#include "probes/backend/cuda/dialect.cuh"
#include "probes/backend/device/programs/digest.inl"
#include "probes/backend/device/programs/inject.inl"
#include "probes/backend/device/programs/frame.inl"

// Lanes of a block at most: the launcher plans no more (launch_plan.h).
#define ASSAY_BLOCK_LANES 512

// Shared by the lanes of a block.
struct AssaySeat {
  assay_u64 began_ns;
  assay_u32 hardware_unit;
  assay_u32 works;          // 1: this block does the unit's work
};

template <typename T>
static __device__ __forceinline__ T* assay_at(assay_u64 address) {
  return reinterpret_cast<T*>(address);
}

// Keeps the block's place until `count` reaches `enough`, at most hold_ns.
static __device__ void assay_hold(const assay_u32* count, assay_u32 enough, assay_u64 began_ns, assay_u64 hold_ns) {
  while (*static_cast<const volatile assay_u32*>(count) < enough && assay_clock_ns() - began_ns < hold_ns) {
    __nanosleep(500);
  }
}

// All lanes of the block call it. Exclusive launches (as many blocks as units, all resident at once) wait for each other, so that no unit gets two
// blocks and none is missed; in others a block that came to a unit already served holds its place until the rest are covered, which makes the
// device put those blocks elsewhere.
static __device__ void assay_take_seat(const AssayArguments& args, AssaySeat* seat) {
  if (threadIdx.x == 0) {
    const AssayLaunch* launch = assay_at<const AssayLaunch>(args.launch);
    AssayBoard* board = assay_at<AssayBoard>(args.board);
    seat->began_ns = assay_clock_ns();
    seat->hardware_unit = assay_hardware_unit();
    seat->works = 0;
    bool wanted = false;
    if (seat->hardware_unit < launch->unit_slots) {
      AssayUnit* unit = assay_at<AssayUnit>(args.units) + seat->hardware_unit;
      const assay_u32 before = atomicAdd(&unit->claims, 1u);
      wanted = unit->wanted != 0;
      if (wanted && before == 0) {
        seat->works = 1;
        atomicAdd(&board->covered, 1u);
      }
    }
    atomicAdd(&board->arrived, 1u);
    if (args.exclusive != 0) {
      assay_hold(&board->arrived, gridDim.x, seat->began_ns, args.hold_ns);
    } else if (seat->works == 0) {
      assay_hold(&board->covered, args.wanted, seat->began_ns, args.hold_ns);
    }
  }
  __syncthreads();
}

// The team of this lane; `memory_words` each of dynamic shared memory, and flags of the block's.
static __device__ __forceinline__ AssayTeam assay_team_of(const AssayArguments& args, const AssaySeat* seat, assay_u32 lanes, assay_u64* memory,
                                                         assay_u32 memory_words, assay_u32* flags) {
  AssayTeam team;
  team.launch = assay_at<const AssayLaunch>(args.launch);
  team.unit = assay_at<AssayUnit>(args.units) + seat->hardware_unit;
  team.slots = assay_at<const assay_u32>(args.slots);
  team.hits = assay_at<const assay_u32>(args.hits);
  team.operands = assay_at<const assay_u64>(args.operands);
  team.expected = assay_at<const assay_u64>(args.expected);
  team.scratch = assay_at<assay_u64>(args.scratch);
  team.results = assay_at<AssayRun>(args.results);
  team.records = assay_at<AssayRecord>(args.records);
  team.record_count = &assay_at<AssayBoard>(args.board)->record_count;
  team.hardware_unit = seat->hardware_unit;
  team.team = threadIdx.x / lanes;
  team.me = threadIdx.x % lanes;
  team.memory = memory + team.team * memory_words;
  team.flags = flags + team.team * ASSAY_FLAG_WORDS;
  return team;
}
