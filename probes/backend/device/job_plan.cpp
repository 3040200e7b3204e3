// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/device/job_plan.h"

#include <algorithm>
#include <map>

namespace assay::probes::device {
namespace {

bool has_work(const UnitAccount& account, uint32_t max_runs) {
  return !account.is_over() && (max_runs == 0 || account.runs() < max_runs);
}

// The sets of the next `count` runs.
std::vector<uint32_t> next_sets(const UnitAccount& account, uint32_t count) {
  std::vector<uint32_t> sets;
  for (uint32_t i = 0; i < count; ++i) sets.push_back(account.set_of_run(account.runs() + i));
  return sets;
}

}  // namespace

JobPlan plan_job(std::span<const UnitAccount> accounts, const PlanLimits& limits) {
  std::vector<size_t> order;
  for (size_t i = 0; i < accounts.size(); ++i) {
    if (has_work(accounts[i], limits.max_runs)) order.push_back(i);
  }
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return accounts[a].runs() < accounts[b].runs(); });

  JobPlan plan;
  plan.runs = std::min(limits.runs, kRunsPerJobUnit);
  for (const size_t i : order) {
    if (limits.max_runs > 0) plan.runs = std::min(plan.runs, limits.max_runs - accounts[i].runs());
  }
  // Where not all sets of a unit fit at once, it does fewer runs at a time.
  if (std::min(plan.runs, limits.set_count) > limits.sets) plan.runs = static_cast<uint32_t>(limits.sets);
  std::map<uint32_t, uint32_t> places;
  for (const size_t i : order) {
    const auto wanted = next_sets(accounts[i], std::min(plan.runs, limits.set_count));
    size_t fresh = 0;
    for (const uint32_t set : wanted) fresh += places.contains(set) ? 0 : 1;
    if (places.size() + fresh > limits.sets) continue;
    PlannedUnit unit{i, {}};
    for (const uint32_t set : wanted) {
      const auto [place, added] = places.emplace(set, static_cast<uint32_t>(plan.sets.size()));
      if (added) plan.sets.push_back(set);
      unit.slots.push_back(place->second);
    }
    plan.units.push_back(std::move(unit));
  }
  return plan;
}

}  // namespace assay::probes::device
