// SPDX-License-Identifier: Apache-2.0
#include "tests/injector/flip.h"

#include <array>

namespace assay::injector {

std::string_view to_string(Target target) {
  constexpr std::array<std::string_view, 6> kNames = {"general registers", "vector registers", "FP control", "stack", "heap", "any memory"};
  static_assert(kNames.size() == static_cast<size_t>(kLastTarget) + 1);
  return kNames[static_cast<size_t>(target)];
}

std::optional<std::string> flip(const TracedRunner& runner, pid_t stopped_thread, Target target, Random& random) {
  switch (target) {
    case Target::kGeneral:
    case Target::kVector:
    case Target::kFpControl: return flip_register(stopped_thread, target, random);
    case Target::kStack:
    case Target::kHeap:
    case Target::kMemory: return flip_memory(runner, stopped_thread, target, random);
  }
  return std::nullopt;
}

}  // namespace assay::injector
