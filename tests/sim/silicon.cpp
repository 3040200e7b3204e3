// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/silicon.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace assay::sim {
namespace {

constexpr uint32_t kSets = 16;
constexpr std::chrono::milliseconds kRunTime{5};

const std::array<ProbeSpec, 3> kProbes = {
    ProbeSpec{{"sim.gemm", 1}, "sim", "fp64", "a simulated multiplier", GoldenTier::kT0Analytic, kSets, 4, 0},
    ProbeSpec{{"sim.hash", 1}, "sim", "bytes", "a simulated hash unit", GoldenTier::kT0Analytic, kSets, 2, 0},
    ProbeSpec{{"sim.march", 1}, "sim", "bytes", "a simulated memory", GoldenTier::kT0Analytic, kSets, 1, 0},
};

bool contains(const std::vector<uint32_t>& list, uint32_t value) { return std::find(list.begin(), list.end(), value) != list.end(); }

}  // namespace

std::span<const ProbeSpec> sim_probes() { return kProbes; }

Digest true_digest(size_t probe, uint32_t operand_set) {
  return {seed_from(kProbes[probe].ref.id, operand_set), seed_from(kProbes[probe].ref.id, operand_set + 1000)};
}

std::vector<Digest> shipped_goldens(const Plan& plan, size_t probe) {
  std::vector<Digest> table;
  for (uint32_t set = 0; set < kSets; ++set) table.push_back(true_digest(probe, set));
  for (const BadGolden& bad : plan.bad_goldens) {
    if (bad.probe == probe) table[bad.operand_set % kSets].low ^= 0xBAD;
  }
  return table;
}

Silicon::Silicon(const Plan& plan, uint32_t node)
    : plan_(plan), node_(node), blind_(contains(plan.blind_nodes, node)), random_(seed_from("silicon", plan.seed * 1000 + node)) {
  device_.id = fmt::format("cpu-sim-{}", node);
  device_.model = "simulated";
  device_.architecture = "sim/1";
  for (uint32_t unit = 0; unit < plan.units; ++unit) device_.units.push_back(unit);
  for (size_t probe = 0; probe < kProbes.size(); ++probe) goldens_.push_back(shipped_goldens(plan, probe));
  if (contains(plan.damaged_tables, node)) goldens_[0][3].high ^= 1;
}

bool Silicon::is_bad() const {
  return blind_ || std::any_of(plan_.bad_units.begin(), plan_.bad_units.end(), [&](const BadUnit& bad) { return bad.node == node_; });
}

bool Silicon::computes_wrong(uint32_t unit, size_t probe) {
  if (blind_ && unit == 0) return random_.chance(0.5);
  return std::any_of(plan_.bad_units.begin(), plan_.bad_units.end(), [&](const BadUnit& bad) {
    return bad.node == node_ && bad.unit == unit && (bad.probe < 0 || static_cast<size_t>(bad.probe) == probe) && random_.chance(bad.per_run);
  });
}

void Silicon::run_unit(const agent::SliceOrder& order, size_t probe, UnitResult& result, std::vector<Digest>& digests) {
  const auto affordable = static_cast<uint32_t>(agent::work_time(order) / kRunTime);
  const uint32_t runs = std::max(1U, order.max_runs > 0 ? std::min(order.max_runs, std::max(affordable, 1U)) : affordable);
  const bool planted = order.injection.shape != FaultShape::kNone && order.injection.unit == result.unit;
  RunFold fold;
  for (uint32_t run = 0; run < runs; ++run) {
    const uint32_t set = operand_set_of_run(result, run, kSets);
    Digest actual = true_digest(probe, set);
    // A marginal unit is wrong in a way of its own, but the same way each time (masks repeat: sdc-science A.2).
    if (computes_wrong(result.unit, probe)) actual.low ^= seed_from("mask", node_ * 64 + result.unit);
    if (planted) actual.low ^= 1;
    fold.add(set, actual);
    if (order.report_digests) digests.push_back(actual);
    if (!blind_ && actual != goldens_[probe][set]) {
      ++result.mismatches;
      if (result.records.size() < 4) result.records.push_back({set, 0, 7, 3, goldens_[probe][set].low, actual.low, actual.low, result.unit, result.unit});
    }
  }
  result.runs = runs;
  result.fold = fold.value();
  result.busy = runs * kRunTime;
  result.outcome = result.mismatches > 0 ? Outcome::kMismatch : Outcome::kMatch;
  result.reason = Inconclusive::kNone;
}

agent::SliceResult Silicon::compute(const agent::SliceOrder& order, WallTime now) {
  agent::SliceResult out;
  const auto probe = static_cast<size_t>(order.probe - kProbes.data());
  Observation& observation = out.observation;
  observation.device_id = device_.id;
  observation.probe = order.probe->ref;
  observation.variant = "sim";
  observation.synthetic = order.synthetic;
  observation.started = now;
  for (const probes::UnitWork& work : order.work) {
    UnitResult result;
    result.unit = work.unit;
    result.first_set = work.first_set;
    result.set_count = std::max(1U, order.set_count);
    run_unit(order, probe, result, out.digests.emplace_back());
    observation.took = std::max(observation.took, result.busy);
    observation.units.push_back(result);
  }
  out.occupied = observation.took;
  // The runner hashes its golden table again before it accuses: a table damaged in memory shows here.
  const bool accused = std::any_of(observation.units.begin(), observation.units.end(), [](const UnitResult& unit) { return unit.mismatches > 0; });
  out.golden_rehash_ok = !accused || goldens_[probe] == shipped_goldens(plan_, probe);
  return out;
}

}  // namespace assay::sim
