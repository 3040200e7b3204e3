// SPDX-License-Identifier: Apache-2.0
#include "agent/core/variants.h"

namespace assay::agent {

VariantTable::VariantTable(size_t probes) : variants_(probes) {
  for (size_t lane = 0; lane <= probes; ++lane) first_lane_.push_back(lane);
}

VariantTable::VariantTable(std::span<const ProbeSpec> probes, std::span<const probes::ProbeVariant> offered) {
  for (const ProbeSpec& spec : probes) {
    first_lane_.push_back(variants_.size());
    for (const probes::ProbeVariant& offer : offered) {
      const bool wanted = offer.runs() && offer.probe == spec.ref.id && variants_.size() - first_lane_.back() < kPerProbe;
      if (wanted) variants_.push_back({offer.variant, offer.silicon});
    }
    if (variants_.size() == first_lane_.back()) variants_.emplace_back();
  }
  first_lane_.push_back(variants_.size());
}

std::optional<uint32_t> VariantTable::find(size_t probe, std::string_view name) const {
  if (name.empty() || at(probe, 0).name.empty()) return 0;
  for (uint32_t variant = 0; variant < count(probe); ++variant) {
    if (at(probe, variant).name == name) return variant;
  }
  return std::nullopt;
}

}  // namespace assay::agent
