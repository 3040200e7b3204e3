// SPDX-License-Identifier: Apache-2.0
// The one argument of every kernel of this backend, alike for nvcc and for the launcher: addresses in device memory. Passed by value; no padding.
#ifndef ASSAY_CUDA_ARGUMENTS_INL
#define ASSAY_CUDA_ARGUMENTS_INL

#include "probes/backend/device/programs/launch.inl"

// What all blocks of one launch see of each other.
typedef struct AssayBoard {
  assay_u32 arrived;        // blocks that have begun
  assay_u32 covered;        // units with work that a block has come to
  assay_u32 record_count;   // asked for; the first record_capacity are there
  assay_u32 nsmid;          // %nsmid: hardware unit numbers are below it (written by the census)
} AssayBoard;

typedef struct AssayArguments {
  assay_u64 launch;         // AssayLaunch
  assay_u64 units;          // AssayUnit[launch.unit_slots], by hardware unit
  assay_u64 slots;          // u32[unit][launch.set_count], by index of the unit
  assay_u64 hits;           // u32[]: bit of a run of injection.unit
  assay_u64 operands;       // u64[set][operand words]
  assay_u64 expected;       // u64[set][words of a run]; not read unless launch.has_expected
  assay_u64 scratch;        // u64[unit][team][scratch words], zero
  assay_u64 results;        // AssayRun[unit][launch.runs_per_unit]
  assay_u64 records;        // AssayRecord[launch.record_capacity]
  assay_u64 board;          // AssayBoard
  assay_u64 hold_ns;        // how long a block without work, or one that waits for the others, keeps its place
  assay_u32 exclusive;      // 1: as many blocks as units, all resident; each waits until all have begun
  assay_u32 wanted;         // units with work
} AssayArguments;

#endif
