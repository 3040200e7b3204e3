// SPDX-License-Identifier: Apache-2.0
// Flips one random bit in a stopped runner: in a register of the stopped thread, or somewhere in its writable memory.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "common/base/random.h"
#include "tests/injector/traced_runner.h"

namespace assay::injector {

enum class Target {
  kGeneral,     // general registers, instruction pointer, stack pointer, flags
  kVector,      // x87, SSE, AVX, AVX-512 and mask registers
  kFpControl,   // rounding, flush-to-zero and masks: MXCSR, x87 control word
  kStack,       // the 4 KiB above the stopped thread's stack pointer
  kHeap,        // resident pages of the heap: requests, goldens, results
  kMemory,      // any resident writable page
};
inline constexpr Target kLastTarget = Target::kMemory;
std::string_view to_string(Target target);

// What was flipped, in words; absent when this machine or thread has nothing of the kind (no resident page, no such registers).
std::optional<std::string> flip(const TracedRunner& runner, pid_t stopped_thread, Target target, Random& random);

// The parts of flip(): registers of a stopped thread, and memory of the process.
std::optional<std::string> flip_register(pid_t stopped_thread, Target target, Random& random);
std::optional<std::string> flip_memory(const TracedRunner& runner, pid_t stopped_thread, Target target, Random& random);
// 0 when it cannot be read.
uint64_t stack_pointer(pid_t stopped_thread);

}  // namespace assay::injector
