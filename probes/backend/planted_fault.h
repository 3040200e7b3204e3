// SPDX-License-Identifier: Apache-2.0
// Where a planted fault goes: drawn from its seed alone, alike for every backend, so that one seed plants one fault everywhere and a planted
// defect stays where it is, as a real one would.
#pragma once

#include <cstdint>

#include "probes/runner/protocol.h"

namespace assay::probes {

// What may be spoilt: controls spoil outputs of the first run alone, because a fault planted in the chain state can be masked by the
// arithmetic that follows, and a control must be seen.
enum class FaultReach : uint8_t { kOutputsOfFirstRun, kOutputsAndState };
FaultReach reach_of(Synthetic synthetic);

struct PlantedFault {
  uint64_t place = 0;        // of the word, before the modulo
  uint64_t mask = 0;         // bits to flip or force
  bool wants_state = false;  // the state before the step, where the probe has one, rather than its outputs
};
PlantedFault draw_fault(const Injection& injection, FaultReach reach);
// Whether the run with this number is hit: from the run alone, so that a run computed again is hit again.
bool is_hit(const Injection& injection, FaultReach reach, uint32_t run);

}  // namespace assay::probes
