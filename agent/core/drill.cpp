// SPDX-License-Identifier: Apache-2.0
#include "agent/core/drill.h"

#include <algorithm>

#include "common/base/random.h"

namespace assay::agent {

bool drill_active(const DrillOptions& options, const std::string& device_id, Duration since_start) {
  return options.enabled && since_start >= options.after && (options.device.empty() || options.device == device_id);
}

void apply_drill(const DrillOptions& options, SliceOrder& order) {
  if (order.probe->tier == GoldenTier::kT3Quorum) return;  // what it finds condemns nobody: the drill would end half way
  if (order.purpose == Purpose::kControl || (!options.probe.empty() && options.probe != order.probe->ref.id)) return;
  const bool concerned =
      std::any_of(order.work.begin(), order.work.end(), [&](const probes::UnitWork& work) { return work.unit == options.unit; });
  if (!concerned) return;
  order.synthetic = Synthetic::kDrill;
  order.injection.shape = options.shape;
  order.injection.unit = options.unit;
  order.injection.mask = options.mask;
  order.injection.probability = options.probability;
  order.injection.seed = seed_from("drill", order.id);
  // A stuck bit or a repeating mask hits the same step each time; what step does not matter to the chain of findings.
  order.injection.step = 0;
}

}  // namespace assay::agent
