// SPDX-License-Identifier: Apache-2.0
// Which probe runs next, in which variant and on which units: a smooth weighted rotation over the probes and over the variants of each, every
// one of these going round its groups of units, with a floor of turns given to whatever was covered longest ago.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "agent/core/coverage.h"
#include "agent/core/slice.h"
#include "common/model/probe_spec.h"

namespace assay::agent {

// A probe in one variant on a group of neighbouring units.
struct RotationTurn {
  Purpose purpose = Purpose::kRotation;   // or kExploration
  size_t probe = 0;
  std::vector<uint32_t> units;            // supported ones only, never empty
  uint32_t variant = 0;                   // of the probe, in the order of the variant table
};

// Smooth weighted round robin: each probe gains its weight every turn, the richest runs and pays the sum of all weights, so
// turns of a heavy probe are spread evenly; and likewise the variants of a probe among its turns, of which the strongest has half. Every
// kExploreEvery-th turn goes to the oldest cell instead: weights are priors, and the right test for a new defect is unknowable in advance. Where
// the device tells its condition, every other one of these goes to the cell that was covered longest ago in the present condition. Not thread-safe.
class Rotation {
 public:
  static constexpr uint32_t kExploreEvery = 5;  // 20 % (sdc-science: below that floor rare defects are missed, above it common ones wait)

  // `seed` sets where the rotation begins, so that devices differ. `units_per_turn` is the size of a group. Without a table of variants every
  // probe has one; else it is that of the coverage given to next().
  Rotation(std::span<const ProbeSpec> probes, uint32_t units, uint32_t units_per_turn, uint64_t seed, Variants variants = nullptr);

  // Absent when every cell is unsupported. `bin`: the present condition, where the device tells.
  std::optional<RotationTurn> next(const Coverage& coverage, MonoTime now, std::optional<ConditionBin> bin = std::nullopt);
  void set_units_per_turn(uint32_t units_per_turn);

 private:
  std::optional<RotationTurn> explore(const Coverage& coverage, MonoTime now, std::optional<ConditionBin> bin) const;
  std::vector<uint32_t> supported_group(size_t probe, uint32_t variant, uint32_t group, const Coverage& coverage, MonoTime now) const;
  size_t take_probe();
  uint32_t take_variant(size_t probe);
  // The next group of the lane that has a supported unit; empty when none has.
  std::vector<uint32_t> take_group(size_t probe, uint32_t variant, const Coverage& coverage, MonoTime now);
  uint32_t groups() const { return (units_ + per_turn_ - 1) / per_turn_; }

  std::span<const ProbeSpec> probes_;
  uint32_t units_;
  uint32_t per_turn_;
  uint64_t seed_;
  Variants variants_;
  uint64_t turns_ = 0;
  int64_t total_weight_ = 0;
  std::vector<int64_t> credit_;           // by probe
  std::vector<int64_t> variant_credit_;   // by lane
  std::vector<uint32_t> next_group_;      // by lane
};

}  // namespace assay::agent
