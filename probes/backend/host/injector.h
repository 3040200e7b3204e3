// SPDX-License-Identifier: Apache-2.0
// Plants a fault in the computation of one unit, between the kernel and the comparator, so that the whole chain of detection
// can be tried on healthy silicon. What each shape changes: docs/reference/fault-shapes.md.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "probes/backend/planted_fault.h"
#include "probes/runner/protocol.h"

namespace assay::probes::host {

// The faults of one unit. Place (word, bits) follows from the seed alone, so that a planted defect stays where it is as a real one
// would; only whether a run is hit depends on the run. One thread.
class Injector {
 public:
  using Reach = FaultReach;

  // An injector that never does anything, for units that are not hit.
  Injector() = default;
  Injector(const Injection& injection, Reach reach);

  // Whether the run with this number is hit, and at which of its steps. `output` is what the run before left.
  void begin_run(uint32_t run, uint32_t steps, bool has_state, std::span<const uint64_t> output);
  // Hangs, aborts or spoils the state.
  void before_step(uint32_t step, std::span<uint64_t> state);
  // After the kernel wrote them: spoils the outputs, and keeps those that a stale tile will show again. Every shape that spoils them changes at
  // least one word.
  void after_step(uint32_t step, std::span<uint64_t> output, uint64_t poison);
  // Whether the comparator must say match whatever it saw in this run.
  bool blinds_comparator() const { return hit_ && injection_.shape == FaultShape::kBlindComparator; }

 private:
  void spoil_outputs(uint32_t step, std::span<uint64_t> output, uint64_t poison);
  void spoil(std::span<uint64_t> words);
  void flip_one(std::span<uint64_t> words, uint64_t mask);
  void zero_one(std::span<uint64_t> words);
  void no_number(std::span<uint64_t> words);
  void keep_stale(std::span<const uint64_t> output) { stale_.assign(output.begin(), output.end()); }
  void repeat_stale(std::span<uint64_t> output);
  void stick(std::span<uint64_t> output);
  size_t place(size_t size) const { return static_cast<size_t>(fault_.place % size); }

  Injection injection_;
  Reach reach_ = Reach::kOutputsAndState;
  PlantedFault fault_;
  uint64_t mask_ = 0;           // of the fault; a stuck bit moves it to where it shows
  bool hit_ = false;
  bool hits_state_ = false;
  uint32_t steps_ = 1;          // of the run
  uint32_t hit_step_ = 0;
  bool stuck_shows_ = false;    // the forced bits have changed a word of this run
  std::vector<uint64_t> stale_;  // the outputs before those of the hit step, of the run before where that is the first
};

}  // namespace assay::probes::host
