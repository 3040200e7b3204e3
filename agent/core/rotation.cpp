// SPDX-License-Identifier: Apache-2.0
#include "agent/core/rotation.h"

#include <algorithm>

#include "common/base/check.h"
#include "common/base/random.h"

namespace assay::agent {
namespace {

int64_t weight_of(const ProbeSpec& spec) { return std::max<int64_t>(1, spec.weight); }

// The strongest variant weighs as much as all others together.
int64_t variant_weight(uint32_t variant, uint32_t count) { return variant == 0 ? std::max<int64_t>(1, int64_t{count} - 1) : 1; }

}  // namespace

Rotation::Rotation(std::span<const ProbeSpec> probes, uint32_t units, uint32_t units_per_turn, uint64_t seed, Variants variants)
    : probes_(probes),
      units_(units),
      per_turn_(std::clamp(units_per_turn, 1U, units)),
      seed_(seed),
      variants_(variants ? std::move(variants) : std::make_shared<const VariantTable>(probes.size())),
      credit_(probes.size()),
      variant_credit_(variants_->lanes()),
      next_group_(variants_->lanes()) {
  ASSAY_CHECK(variants_->probes() == probes.size());
  Random random(seed);
  for (size_t probe = 0; probe < probes_.size(); ++probe) {
    total_weight_ += weight_of(probes_[probe]);
    credit_[probe] = static_cast<int64_t>(random.below(static_cast<uint64_t>(weight_of(probes_[probe]))));
    for (uint32_t variant = 0; variant < variants_->count(probe); ++variant) {
      next_group_[variants_->lane(probe, variant)] = static_cast<uint32_t>(random.below(groups()));
    }
  }
}

void Rotation::set_units_per_turn(uint32_t units_per_turn) {
  per_turn_ = std::clamp(units_per_turn, 1U, units_);
  for (uint32_t& group : next_group_) group %= groups();
}

std::vector<uint32_t> Rotation::supported_group(size_t probe, uint32_t variant, uint32_t group, const Coverage& coverage, MonoTime now) const {
  std::vector<uint32_t> units;
  const uint32_t first = group * per_turn_;
  for (uint32_t unit = first; unit < std::min(units_, first + per_turn_); ++unit) {
    if (!coverage.is_unsupported({probe, unit, variant}, now)) units.push_back(unit);
  }
  return units;
}

std::optional<RotationTurn> Rotation::explore(const Coverage& coverage, MonoTime now, std::optional<ConditionBin> bin) const {
  const bool in_bin = turns_ / kExploreEvery % 2 == 0;
  const auto cell = coverage.oldest(static_cast<size_t>(seed_ % coverage.all_cells()), now, in_bin ? bin : std::nullopt);
  if (!cell) return std::nullopt;
  return RotationTurn{Purpose::kExploration, cell->probe, supported_group(cell->probe, cell->variant, cell->unit / per_turn_, coverage, now), cell->variant};
}

size_t Rotation::take_probe() {
  for (size_t probe = 0; probe < probes_.size(); ++probe) credit_[probe] += weight_of(probes_[probe]);
  const auto richest = static_cast<size_t>(std::max_element(credit_.begin(), credit_.end()) - credit_.begin());
  credit_[richest] -= total_weight_;
  return richest;
}

uint32_t Rotation::take_variant(size_t probe) {
  const uint32_t count = variants_->count(probe);
  const auto first = variant_credit_.begin() + static_cast<std::ptrdiff_t>(variants_->lane(probe, 0));
  int64_t total = 0;
  for (uint32_t variant = 0; variant < count; ++variant) {
    first[variant] += variant_weight(variant, count);
    total += variant_weight(variant, count);
  }
  const auto richest = std::max_element(first, first + count);
  *richest -= total;
  return static_cast<uint32_t>(richest - first);
}

std::vector<uint32_t> Rotation::take_group(size_t probe, uint32_t variant, const Coverage& coverage, MonoTime now) {
  uint32_t& group = next_group_[variants_->lane(probe, variant)];
  for (uint32_t tries = 0; tries < groups(); ++tries) {
    auto units = supported_group(probe, variant, group, coverage, now);
    group = (group + 1) % groups();
    if (!units.empty()) return units;
  }
  return {};
}

std::optional<RotationTurn> Rotation::next(const Coverage& coverage, MonoTime now, std::optional<ConditionBin> bin) {
  if (probes_.empty()) return std::nullopt;
  if (++turns_ % kExploreEvery == 0) return explore(coverage, now, bin);

  // At most every probe is looked at, and of it every variant; one without a supported unit pays its turn all the same.
  for (size_t tries = 0; tries < probes_.size() * 2; ++tries) {
    const size_t probe = take_probe();
    for (uint32_t i = 0; i < variants_->count(probe); ++i) {
      const uint32_t variant = take_variant(probe);
      auto units = take_group(probe, variant, coverage, now);
      if (!units.empty()) return RotationTurn{Purpose::kRotation, probe, std::move(units), variant};
    }
  }
  return explore(coverage, now, bin);
}

}  // namespace assay::agent
