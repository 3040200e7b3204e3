// SPDX-License-Identifier: Apache-2.0
// The kernel around one program: included after its frame. Each unit is launched by itself with buffers of its own, so the table of units has one row,
// and its index is 0. Work-group t is team t of the unit.
__kernel __attribute__((reqd_work_group_size(ASSAY_TEAM, 1, 1))) void assay_kernel(
    __global const AssayLaunch* launch, __global AssayUnit* unit, __global const assay_u32* slots, __global const assay_u32* hits,
    __global const assay_u64* operands, __global const assay_u64* expected, __global assay_u64* scratch, __global AssayRun* results,
    __global AssayRecord* records, __global assay_u32* record_count, const assay_u32 hardware_unit) {
  __local assay_u64 memory[ASSAY_MEMORY_WORDS];
  __local assay_u32 flags[ASSAY_FLAG_WORDS];
  AssayTeam team;
  team.launch = launch;
  team.unit = unit;
  team.slots = slots;
  team.hits = hits;
  team.operands = operands;
  team.expected = expected;
  team.scratch = scratch;
  team.results = results;
  team.records = records;
  team.record_count = record_count;
  team.memory = memory;
  team.flags = flags;
  team.hardware_unit = hardware_unit;
  team.team = (assay_u32)get_group_id(0);
  team.me = (assay_u32)get_local_id(0);
  if (team.me == 0) {
    (void)ASSAY_ATOMIC_INC(&unit->claims);
  }
  ASSAY_NAME(run)(&team);
}
