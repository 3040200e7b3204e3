// SPDX-License-Identifier: Apache-2.0
#include "collector/core/policy_options.h"

#include <algorithm>

namespace assay::collector {

PolicyMode mode_for(const PolicyOptions& options, const std::string& probe_id, GoldenTier tier) {
  const auto found = options.probe_modes.find(probe_id);
  if (found != options.probe_modes.end()) return std::min(options.mode, found->second);
  return tier == GoldenTier::kT1Emulated ? PolicyMode::kObserve : options.mode;
}

PolicyMode mode_for(const PolicyOptions& options, const Device& device, const std::string& probe_id, GoldenTier tier, Silicon silicon) {
  const PolicyMode of_probe = mode_for(options, probe_id, tier);
  if (device.kind == DeviceKind::kCpuSocket) return of_probe;
  const auto found = options.architecture_modes.find(device.architecture);
  if (found != options.architecture_modes.end()) return std::min(of_probe, found->second);
  return silicon == Silicon::kRan ? of_probe : PolicyMode::kObserve;
}

}  // namespace assay::collector
