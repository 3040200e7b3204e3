// SPDX-License-Identifier: Apache-2.0
// Which probe runs next on which units: a smooth weighted rotation over the probes, each going round its groups of units, with a
// floor of turns given to whatever was covered longest ago.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "agent/core/coverage.h"
#include "agent/core/slice.h"
#include "common/model/probe_spec.h"

namespace assay::agent {

// A probe on a group of neighbouring units.
struct RotationTurn {
  Purpose purpose = Purpose::kRotation;   // or kExploration
  size_t probe = 0;
  std::vector<uint32_t> units;            // supported ones only, never empty
};

// Smooth weighted round robin: each probe gains its weight every turn, the richest runs and pays the sum of all weights, so
// turns of a heavy probe are spread evenly. Every kExploreEvery-th turn goes to the oldest cell instead: weights are priors, and the
// right test for a new defect is unknowable in advance. Not thread-safe.
class Rotation {
 public:
  static constexpr uint32_t kExploreEvery = 5;  // 20 % (sdc-science: below that floor rare defects are missed, above it common ones wait)

  // `seed` sets where the rotation begins, so that devices differ. `units_per_turn` is the size of a group.
  Rotation(std::span<const ProbeSpec> probes, uint32_t units, uint32_t units_per_turn, uint64_t seed);

  // Absent when every cell is unsupported.
  std::optional<RotationTurn> next(const Coverage& coverage, MonoTime now);
  void set_units_per_turn(uint32_t units_per_turn);

 private:
  std::optional<RotationTurn> explore(const Coverage& coverage, MonoTime now) const;
  std::vector<uint32_t> supported_group(size_t probe, uint32_t group, const Coverage& coverage, MonoTime now) const;
  uint32_t groups() const { return (units_ + per_turn_ - 1) / per_turn_; }

  std::span<const ProbeSpec> probes_;
  uint32_t units_;
  uint32_t per_turn_;
  uint64_t seed_;
  uint64_t turns_ = 0;
  std::vector<int64_t> credit_;       // by probe
  std::vector<uint32_t> next_group_;  // by probe
};

}  // namespace assay::agent
