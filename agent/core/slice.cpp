// SPDX-License-Identifier: Apache-2.0
#include "agent/core/slice.h"

#include <array>
#include <cmath>

namespace assay::agent {

std::string_view to_string(Purpose purpose) {
  constexpr std::array<std::string_view, 6> kNames = {"rotation", "exploration", "control", "ladder", "isolation", "on_demand"};
  static_assert(kNames.size() == static_cast<size_t>(Purpose::kOnDemand) + 1);
  return kNames[static_cast<size_t>(purpose)];
}

Duration work_time(const SliceOrder& order) {
  const probes::PowerSteps& steps = order.power_steps;
  if (!steps.wanted()) return order.budget;
  const double share = to_seconds(steps.on) / to_seconds(steps.on + steps.off);
  return Duration(std::llround(static_cast<double>(order.budget.count()) * share));
}

double cost_unit_seconds(const SliceResult& result) {
  return to_seconds(result.occupied) * static_cast<double>(result.observation.units.size()) + to_seconds(result.host);
}

SliceResult failed_result(const SliceOrder& order, Inconclusive reason, WallTime started, Duration occupied) {
  SliceResult result;
  result.observation.probe = order.probe->ref;
  result.observation.variant = order.variant;
  result.observation.synthetic = order.synthetic;
  result.observation.started = started;
  result.observation.took = occupied;
  result.occupied = occupied;
  for (const probes::UnitWork& work : order.work) {
    UnitResult unit;
    unit.unit = work.unit;
    unit.first_set = work.first_set;
    unit.set_count = order.set_count;
    unit.outcome = Outcome::kInconclusive;
    unit.reason = reason;
    result.observation.units.push_back(unit);
  }
  return result;
}

}  // namespace assay::agent
