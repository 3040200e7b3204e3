// SPDX-License-Identifier: Apache-2.0
// Where a thread runs: pinned to one logical CPU, at the lowest priority the kernel has.
#pragma once

#include <pthread.h>

#include <cstdint>
#include <string>
#include <vector>

#include "common/base/result.h"

namespace assay::probes::host {

// Restricts the calling thread to one logical CPU and moves it there. kNotFound when that CPU does not exist, is offline or
// is not in the cpuset of this process.
Status pin_to_cpu(uint32_t cpu);
// The same for another thread of this process, which need not run for it.
Status pin_to_cpu(pthread_t thread, uint32_t cpu);

// The logical CPU the calling thread is on now.
uint32_t current_cpu();

// The logical CPUs this process may use, ascending.
std::vector<uint32_t> allowed_cpus();

// SCHED_IDLE for the calling thread: it runs when nothing else wants the CPU. Best effort, for it costs nothing to be refused.
void use_idle_priority();

// Name of the calling thread in ps and top, cut at 15 characters.
void name_thread(const std::string& name);

}  // namespace assay::probes::host
