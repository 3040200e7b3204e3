// SPDX-License-Identifier: Apache-2.0
// The frame around every host probe: one pinned thread a unit, poisoned outputs, digests, comparison with goldens, records of a
// mismatch, planted faults, time and memory limits. The kernels only compute.
#pragma once

#include <atomic>
#include <cstdint>

#include "common/base/clock.h"
#include "common/base/fs_root.h"
#include "probes/backend/host/kernel_source.h"
#include "probes/backend/host/memory_arena.h"
#include "probes/runner/protocol.h"

namespace assay::probes::host {

struct FrameOptions {
  bool allow_injection = false;   // honour drills; controls need no switch
  bool idle_priority = true;      // SCHED_IDLE for the computing threads
  FsRoot fs_root{};               // where /proc/meminfo is
  // All diagnoses of one request together take no longer; what is left over gets a record of the digests only.
  Duration diagnosis_time{std::chrono::seconds{1}};
  int stop_descriptor = -1;                      // readable once the stop flag of run() is true: ends a rest at once; -1: none
  Duration longest_rest = Duration::max();       // tests need not wait as long as memory has to
};

// Runs requests one after another. One owner, one thread; the threads of a run end before run() returns. Memory under test is kept from
// one run to the next (memory_arena.h).
class Frame {
 public:
  explicit Frame(const KernelSource& kernels, FrameOptions options = {}) : kernels_(kernels), options_(std::move(options)) {}

  // Never fails: what could not be measured is inconclusive with a reason, and `detail` says why in words. Returns about when the
  // budget is spent, or soon after `stop` became true; after a mismatch up to diagnosis_time later.
  // A planted hang never returns and a planted crash aborts the process, as intended.
  RunResult run(const RunRequest& request, const std::atomic<bool>& stop) const;

 private:
  bool has_memory_for(uint64_t bytes) const;

  const KernelSource& kernels_;
  FrameOptions options_;
  mutable MemoryArena arena_;  // a cache
};

}  // namespace assay::probes::host
