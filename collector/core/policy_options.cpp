// SPDX-License-Identifier: Apache-2.0
#include "collector/core/policy_options.h"

#include <algorithm>

namespace assay::collector {

PolicyMode mode_for(const PolicyOptions& options, const std::string& probe_id, GoldenTier tier) {
  const auto found = options.probe_modes.find(probe_id);
  if (found != options.probe_modes.end()) return std::min(options.mode, found->second);
  return tier == GoldenTier::kT1Emulated ? PolicyMode::kObserve : options.mode;
}

}  // namespace assay::collector
