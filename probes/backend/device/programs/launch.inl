// SPDX-License-Identifier: Apache-2.0
// What host and device hand each other at a launch: plain words, alike in C++, CUDA and OpenCL C (dialect.h says what that is). No pointers
// and no padding: buffers are arguments of their own. Fields are u32 in pairs, then u64.
#ifndef ASSAY_LAUNCH_INL
#define ASSAY_LAUNCH_INL

#if defined(__OPENCL_VERSION__) || defined(__OPENCL_C_VERSION__)
typedef uint assay_u32;
typedef ulong assay_u64;
#else
#include <cstdint>
typedef uint32_t assay_u32;
typedef uint64_t assay_u64;
#endif

// Shapes as in FaultShape (common/model/observation.h), by number.
#define ASSAY_SHAPE_NONE 0
#define ASSAY_SHAPE_BIT_FLIP 1
#define ASSAY_SHAPE_MULTI_BIT 2
#define ASSAY_SHAPE_ZERO 3
#define ASSAY_SHAPE_DROPPED_WRITE 4
#define ASSAY_SHAPE_STALE_TILE 5
#define ASSAY_SHAPE_LANE_PERIODIC 6
#define ASSAY_SHAPE_SAME_MASK_PAIR 7
#define ASSAY_SHAPE_STUCK_AT 8
#define ASSAY_SHAPE_HANG 9
#define ASSAY_SHAPE_CRASH 10
#define ASSAY_SHAPE_BLIND_COMPARATOR 11
#define ASSAY_SHAPE_NAN_INF 12

// A fault to plant: place and mask are drawn on the host as the host's injector draws them, so that one seed plants one fault everywhere.
typedef struct AssayInjection {
  assay_u32 shape;       // 0: none
  assay_u32 unit;        // index into the device's units
  assay_u32 step;        // below the number of steps
  assay_u32 hits_state;  // 1: the state before that step, 0: its outputs
  assay_u64 place;       // word, before the modulo
  assay_u64 mask;        // bits to flip or force
} AssayInjection;

// One launch. Run i of a unit is done by team i mod teams; its operand set is slots[unit * set_count + i mod set_count].
typedef struct AssayLaunch {
  assay_u32 unit_slots;     // length of the table of units: hardware unit numbers are below it
  assay_u32 runs_per_unit;
  assay_u32 set_count;
  assay_u32 teams;          // of one unit
  assay_u32 has_expected;   // 1: expected words of every slot are there
  assay_u32 record_capacity;
  assay_u32 blind;          // 1: the comparison of hit runs says match whatever it saw
  assay_u32 reserved;
  assay_u64 poison_seed;
  assay_u64 deadline_ns;    // by the device's own timer, from the first look of a team; 0: none
  AssayInjection injection;
} AssayLaunch;

// One unit's work and what became of it. The host writes wanted, the device the rest.
typedef struct AssayUnit {
  assay_u32 wanted;         // 1: this unit has work
  assay_u32 index;          // of the unit in results and slots
  assay_u32 claims;         // blocks that came to this unit
  assay_u32 moved;          // teams that ended on another unit
  assay_u32 wrong;          // runs whose comparison failed
  assay_u32 not_executed;   // runs with words left poisoned
  assay_u64 busy_ns;        // longest of its teams; 0 where the device has no timer
} AssayUnit;

// The digest of one run; done is 1 when all steps were computed.
typedef struct AssayRun {
  assay_u64 high;
  assay_u64 low;
  assay_u32 done;
  assay_u32 wrong_words;    // that differed from the expected ones; 0 where there are none
} AssayRun;

// One wrong word as the device saw it.
typedef struct AssayRecord {
  assay_u32 unit;           // hardware number before the run
  assay_u32 unit_after;
  assay_u32 run;
  assay_u32 slot;           // of the operand set
  assay_u32 step;
  assay_u32 word;           // in the output of that step
  assay_u32 lane;           // thread of the team
  assay_u32 warp;           // hardware warp, where the device tells
  assay_u64 expected;       // as this unit read it
  assay_u64 actual;
  assay_u64 reread;         // of the stored output, past the caches
  assay_u64 clock;          // of the unit
} AssayRecord;
#define ASSAY_RECORDS 256

#endif
