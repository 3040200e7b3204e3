// SPDX-License-Identifier: Apache-2.0
#include "agent/core/rotation.h"

#include <algorithm>
#include <numeric>

#include "common/base/check.h"
#include "common/base/random.h"

namespace assay::agent {

Rotation::Rotation(std::span<const ProbeSpec> probes, uint32_t units, uint32_t units_per_turn, uint64_t seed)
    : probes_(probes), units_(units), per_turn_(std::clamp(units_per_turn, 1U, units)), seed_(seed), credit_(probes.size()),
      next_group_(probes.size()) {
  Random random(seed);
  for (size_t probe = 0; probe < probes_.size(); ++probe) {
    credit_[probe] = static_cast<int64_t>(random.below(std::max<uint64_t>(1, probes_[probe].weight)));
    next_group_[probe] = static_cast<uint32_t>(random.below(groups()));
  }
}

void Rotation::set_units_per_turn(uint32_t units_per_turn) {
  per_turn_ = std::clamp(units_per_turn, 1U, units_);
  for (uint32_t& group : next_group_) group %= groups();
}

std::vector<uint32_t> Rotation::supported_group(size_t probe, uint32_t group, const Coverage& coverage, MonoTime now) const {
  std::vector<uint32_t> units;
  const uint32_t first = group * per_turn_;
  for (uint32_t unit = first; unit < std::min(units_, first + per_turn_); ++unit) {
    if (!coverage.is_unsupported({probe, unit}, now)) units.push_back(unit);
  }
  return units;
}

std::optional<RotationTurn> Rotation::explore(const Coverage& coverage, MonoTime now) const {
  const auto cell = coverage.oldest(static_cast<size_t>(seed_ % (probes_.size() * units_)), now);
  if (!cell) return std::nullopt;
  return RotationTurn{Purpose::kExploration, cell->probe, supported_group(cell->probe, cell->unit / per_turn_, coverage, now)};
}

std::optional<RotationTurn> Rotation::next(const Coverage& coverage, MonoTime now) {
  if (probes_.empty()) return std::nullopt;
  if (++turns_ % kExploreEvery == 0) return explore(coverage, now);

  const int64_t total = std::accumulate(probes_.begin(), probes_.end(), int64_t{0},
                                        [](int64_t sum, const ProbeSpec& spec) { return sum + std::max(1U, spec.weight); });
  // At most every probe and every group of it is looked at; a probe without a supported unit pays its turn all the same.
  for (size_t tries = 0; tries < probes_.size() * 2; ++tries) {
    for (size_t probe = 0; probe < probes_.size(); ++probe) credit_[probe] += std::max(1U, probes_[probe].weight);
    const auto probe = static_cast<size_t>(std::max_element(credit_.begin(), credit_.end()) - credit_.begin());
    credit_[probe] -= total;
    for (uint32_t i = 0; i < groups(); ++i) {
      auto units = supported_group(probe, next_group_[probe], coverage, now);
      next_group_[probe] = (next_group_[probe] + 1) % groups();
      if (!units.empty()) return RotationTurn{Purpose::kRotation, probe, std::move(units)};
    }
  }
  return explore(coverage, now);
}

}  // namespace assay::agent
