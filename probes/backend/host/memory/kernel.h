// SPDX-License-Identifier: Apache-2.0
// The kernel of the memory probes: performs a program (memory_programs.h) on memory borrowed from the arena of its site.
#pragma once

#include <cstdint>
#include <memory>

#include "probes/backend/host/kernel.h"
#include "probes/backend/host/memory/pass.h"
#include "probes/catalogue/memory_programs.h"

namespace assay::probes::host {

// One instruction set's loops.
struct MemoryLoops {
  MemoryFunction (*run)(MemoryLoop loop);
  MemoryStridesFunction strides;
  uint32_t words_per_vector;
};

// nullptr when the memory cannot be had.
std::unique_ptr<Kernel> make_memory(const memory::Program& program, const MemoryLoops& loops, const KernelSite& site);

}  // namespace assay::probes::host
