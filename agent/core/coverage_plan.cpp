// SPDX-License-Identifier: Apache-2.0
#include "agent/core/coverage_plan.h"

namespace assay::agent {

CoveragePlan plan_of(const Device& device, std::span<const ProbeSpec> probes, const Scheduler& scheduler) {
  CoveragePlan plan;
  plan.device_id = device.id;
  plan.units = device.units.size();
  plan.budget_ratio = scheduler.budget_ratio();
  const VariantTable& variants = scheduler.coverage().variants();
  const double rate = scheduler.paced_rate();
  for (size_t probe = 0; probe < probes.size(); ++probe) {
    ProbePlan of_probe{probes[probe].ref, probes[probe].tier, probes[probe].operand_sets, {}};
    for (uint32_t variant = 0; variant < variants.count(probe); ++variant) {
      const size_t lane = variants.lane(probe, variant);
      LanePlan one;
      one.variant = variants.at(probe, variant);
      one.coverage = scheduler.coverage().lane(probe, variant);
      one.run_seconds = scheduler.lengths().run_seconds(lane);
      one.slice_seconds = to_seconds(scheduler.slice_of(probe, variant));
      const bool is_replay = probes[probe].run_limit > Duration::zero();  // charged at what it took
      const double cost = is_replay ? one.run_seconds.value_or(one.slice_seconds) : one.slice_seconds;
      if (rate > 0) one.pass_seconds = cost * static_cast<double>(one.coverage.cells) / rate;
      of_probe.variants.push_back(std::move(one));
    }
    plan.probes.push_back(std::move(of_probe));
  }
  return plan;
}

}  // namespace assay::agent
