// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/cuda/confinement.h"

#include <charconv>

namespace assay::probes::cuda {

std::optional<double> parse_percentage(std::string_view text) {
  double value = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || rest != text.data() + text.size() || !(value >= 0 && value <= 100)) return std::nullopt;
  return value;
}

ReachFacts ask_reach(const DriverApi& api, DriverHandle context, uint32_t device_units, bool mps, std::string_view percentage) {
  ReachFacts facts;
  facts.device_units = device_units;
  facts.mps = mps;
  DriverResource resource;
  if (api.context_resource != nullptr && api.context_resource(context, &resource, kResourceUnits) == kSuccess && resource.type == kResourceUnits) {
    facts.context_units = resource.units;
  }
  DriverAffinity affinity;
  if (mps && api.context_affinity != nullptr && api.context_affinity(&affinity, kAffinityUnits) == kSuccess && affinity.type == kAffinityUnits) {
    facts.affinity_units = affinity.units;
  }
  if (mps) facts.thread_percentage = parse_percentage(percentage);
  return facts;
}

}  // namespace assay::probes::cuda
