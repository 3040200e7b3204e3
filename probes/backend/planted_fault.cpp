// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/planted_fault.h"

#include <bit>

#include "common/base/random.h"

namespace assay::probes {
namespace {

// Bits to flip or force where the caller chose none.
uint64_t mask_from_seed(FaultShape shape, Random& random) {
  if (shape != FaultShape::kMultiBit) return uint64_t{1} << random.below(64);
  uint64_t mask = 0;
  const int wanted = 2 + static_cast<int>(random.below(7));
  while (std::popcount(mask) < wanted) mask |= uint64_t{1} << random.below(64);
  return mask;
}

bool can_hit_state(FaultShape shape) {
  return shape == FaultShape::kBitFlip || shape == FaultShape::kMultiBit || shape == FaultShape::kZero || shape == FaultShape::kLanePeriodic ||
         shape == FaultShape::kSameMaskPair || shape == FaultShape::kNanInf;
}

}  // namespace

FaultReach reach_of(Synthetic synthetic) {
  return synthetic == Synthetic::kControl ? FaultReach::kOutputsOfFirstRun : FaultReach::kOutputsAndState;
}

PlantedFault draw_fault(const Injection& injection, FaultReach reach) {
  Random random(injection.seed);
  PlantedFault fault;
  fault.place = random.next();
  fault.mask = injection.mask != 0 ? injection.mask : mask_from_seed(injection.shape, random);
  fault.wants_state = reach == FaultReach::kOutputsAndState && can_hit_state(injection.shape) && injection.seed % 2 == 1;
  return fault;
}

bool is_hit(const Injection& injection, FaultReach reach, uint32_t run) {
  if (injection.shape == FaultShape::kNone || (reach == FaultReach::kOutputsOfFirstRun && run != 0)) return false;
  return Random(seed_from("injection", injection.seed + run)).chance(injection.probability);
}

}  // namespace assay::probes
