// SPDX-License-Identifier: Apache-2.0
#include "agent/core/scheduler.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "common/base/check.h"
#include "common/base/random.h"

namespace assay::agent {
namespace {

constexpr double kWatchedFactor = 10;       // probation and suspicion: ten times as often
constexpr double kRequestCreditSlices = 10;
constexpr double kRetestDebtSeconds = 60;   // retests may delay the rotation by this much at most
constexpr double kLeastShare = 0.1;         // of its plan that a slice is charged: one that gives up at once must not come back at once
constexpr std::chrono::milliseconds kPowerPhaseLeast{10};   // clocks and regulators of a core settle within some milliseconds
constexpr std::chrono::milliseconds kPowerPhaseMost{50};
constexpr std::chrono::seconds kAskAgain{1};
constexpr std::chrono::seconds kAskAgainPaused{30};

double unit_seconds(Duration slice, size_t units) { return to_seconds(slice) * static_cast<double>(units); }

double fraction_of(uint64_t seed) { return static_cast<double>(seed >> 11) * 0x1.0p-53; }

uint32_t planned_units(const SchedulerOptions& options, uint32_t units) {
  if (options.drill.enabled) return 1;  // the drilled unit must not mark its neighbours' runs
  const uint32_t wanted = options.units_per_slice > 0 ? options.units_per_slice : units / 16;
  return std::clamp(wanted, 1U, units);
}

double rate_of(const SchedulerOptions& options, uint32_t units, bool watched) {
  const double ratio = watched ? std::min(options.budget_ratio * kWatchedFactor, std::max(options.budget_cap, options.budget_ratio))
                               : options.budget_ratio;
  // A little slower than the budget allows: the slice it can save up, and what slices take longer than planned, must not push any ten minutes over.
  return limits::kBudgetAim * ratio * units;
}

double capacity_of(const SchedulerOptions& options, uint32_t units) {
  return std::max(1e-6, unit_seconds(options.slice, planned_units(options, units)));
}

// Whether the node itself tells a wrong result: by a golden, or by a vote of the device's units. A replay is compared at the collector alone.
bool compared_here(const ProbeSpec& spec, uint32_t device_units) {
  return has_golden(spec.tier) || (spec.run_limit == Duration::zero() && device_units >= probes::kMinVoters);
}

// What covers a cell. A probe of tier T3 may be left to the collector to judge: then to have run is all that the node can say.
bool is_measured(const ProbeSpec& spec, const UnitResult& unit) {
  const bool unjudged = spec.tier == GoldenTier::kT3Quorum && unit.reason == Inconclusive::kNoGolden && unit.runs > 0;
  return unit.outcome != Outcome::kInconclusive || unjudged;
}

}  // namespace

Status fits_budget(const ProbeSpec& replay, const SchedulerOptions& options, uint32_t units) {
  constexpr double kWindowSeconds = 600;
  const double allowed = options.budget_cap * kWindowSeconds * units / planned_units(options, units);
  if (to_seconds(replay.run_limit) <= allowed) return {};
  return make_error(ErrorCode::kLimit, fmt::format("{}: one run of {} is more than the {:.1f} s that a device of {} units may spend in ten minutes; lower its timeout",
                                                   to_string(replay.ref), format_span(replay.run_limit), allowed, units));
}

Scheduler::Scheduler(const Device& device, std::span<const ProbeSpec> probes, const SchedulerOptions& options, Instant now, Variants variants)
    : device_id_(device.id),
      device_units_(static_cast<uint32_t>(device.units.size())),
      probes_(probes),
      options_(options),
      seed_(seed_from(device.id, 0)),
      variants_(variants ? std::move(variants) : std::make_shared<const VariantTable>(probes.size())),
      coverage_(probes, device_units_, now, variants_),
      rotation_(probes, device_units_, planned_units(options, device_units_), seed_, variants_),
      controls_(options.control_one_in, seed_from(device.id, 1)),
      power_turns_(options.power_steps_one_in, seed_from(device.id, 3)),
      // Begins up to one slice in debt, by the hash of the device: nodes started together do not fire together.
      bucket_({rate_of(options, device_units_, false), capacity_of(options, device_units_),
               -fraction_of(seed_) * capacity_of(options, device_units_) * 0.5},
              now.mono),
      window_(now.mono),
      started_(now.mono),
      lengths_(variants_->lanes()) {}

Duration Scheduler::slice_of(size_t probe, uint32_t variant) const {
  if (probes_[probe].run_limit > Duration::zero()) return probes_[probe].run_limit;
  return options_.slice * (1 << lengths_.doublings(variants_->lane(probe, variant)));
}

double Scheduler::paced_rate() const { return rate_of(options_, device_units_, false); }

uint32_t Scheduler::units_per_slice() const { return planned_units(options_, device_units_); }

void Scheduler::set_rate(bool watched, MonoTime now) {
  const double rate = rate_of(options_, device_units_, watched);
  const double capacity = capacity_of(options_, device_units_);
  if (rate != bucket_.rate() || capacity != bucket_.capacity()) bucket_.reconfigure(rate, capacity, now);
}

void Scheduler::reconfigure(const SchedulerOptions& options, Instant now) {
  options_ = options;
  rotation_.set_units_per_turn(units_per_slice());
  controls_.set_one_in(options.control_one_in);
  power_turns_.set_one_in(options.power_steps_one_in);
  set_rate(false, now.mono);
}

// Reasons that have nothing to do with which probe is next.
SkipReason Scheduler::gate(const Surroundings& around, bool may_probe, MonoTime now, MonoTime& ask_again) {
  const double cost = unit_seconds(options_.slice, units_per_slice());
  if (options_.paused || !may_probe || options_.budget_ratio <= 0) {
    ask_again = now + kAskAgainPaused;
    return SkipReason::kPaused;
  }
  if (!bucket_.affords(cost, now)) {
    ask_again = std::min(bucket_.affords_at(cost, now), now + std::chrono::minutes{10});
    return SkipReason::kNotDue;
  }
  ask_again = now + kAskAgain;
  if (!around.runner_ready) return SkipReason::kRunnerDown;
  if (options_.load_gate_ratio > 0 && around.cpu_pressure_ratio && *around.cpu_pressure_ratio > options_.load_gate_ratio) {
    return SkipReason::kLoad;
  }
  return SkipReason::kNone;
}

MonoTime Scheduler::due_at(bool watched, MonoTime now) {
  set_rate(watched, now);
  return bucket_.affords_at(unit_seconds(options_.slice, units_per_slice()), now);
}

Turn Scheduler::next(const Surroundings& around, bool watched, bool may_probe, Instant now) {
  set_rate(watched, now.mono);
  Turn turn;
  turn.skip = gate(around, may_probe, now.mono, turn.ask_again);
  if (turn.skip == SkipReason::kNone) {
    const auto chosen = rotation_.next(coverage_, now.mono, coverage_.condition_bins().bin_of(around.conditions));
    if (!chosen) {
      turn.skip = SkipReason::kUnsupported;
      turn.ask_again = now.mono + kAskAgainPaused;
    } else {
      const uint64_t needed = probes_[chosen->probe].memory_bytes * chosen->units.size() + options_.memory_reserve_bytes;
      if (around.memory_available_bytes && *around.memory_available_bytes < needed) {
        turn.skip = SkipReason::kMemoryShort;
        turn.ask_again = now.mono + kAskAgain;
      } else {
        turn.order = paced_order(*chosen, now);
        planned_ = unit_seconds(work_time(*turn.order), turn.order->work.size());
        bucket_.spend(planned_, now.mono);
        turn.ask_again = now.mono;
      }
    }
  }
  if (turn.skip != SkipReason::kNone) skips_.add(turn.skip);
  return turn;
}

uint32_t Scheduler::first_set(Cell cell) const {
  // Latin square: at equal cursors every unit has another operand set, so a two-way table separates a bad unit from bad data; the
  // phase differs by device and probe.
  const uint64_t phase = seed_from(device_id_, 2 + cell.probe);
  return static_cast<uint32_t>((phase + cell.unit + coverage_.cursor(cell)) % probes_[cell.probe].operand_sets);
}

SliceOrder Scheduler::paced_order(const RotationTurn& turn, Instant now) {
  const ProbeSpec& spec = probes_[turn.probe];
  std::vector<uint32_t> units = turn.units;
  const bool is_replay = spec.run_limit > Duration::zero();
  const bool control = compared_here(spec, device_units_) && controls_.take_turn();  // else there is no comparator to test
  if (control) units = {units[seed_from(device_id_, next_id_) % units.size()]};      // alone, but for those who vote with it: no more real results are marked
  std::vector<probes::UnitWork> work;
  // Without a golden, units and devices are held against each other, so all do the very same work: each operand set once, from the first on. Of a replay
  // it is one run on one operand set.
  const bool alike = !has_golden(spec.tier) && !is_replay;
  while (alike && units.size() < std::min(probes::kMinVoters, device_units_)) units.push_back((units.back() + 1) % device_units_);
  for (const uint32_t unit : units) work.push_back({unit, alike ? 0 : first_set({turn.probe, unit, turn.variant})});
  SliceOrder order = order_for(control ? Purpose::kControl : turn.purpose, turn.probe, std::move(work), is_replay ? 1 : spec.operand_sets,
                               control || is_replay ? 1 : alike ? spec.operand_sets : 0, slice_of(turn.probe, turn.variant), now);
  order.variant = variants_->at(turn.probe, turn.variant).name;
  if (control) {
    order.synthetic = Synthetic::kControl;
    order.injection = controls_.plant(units.front());
  }
  if (!is_replay && !control && power_turns_.take_turn()) step_power(order);
  return order;
}

// Two cycles of half idle and half work in twice the time, which compute as long as the slice would have; a short slice is left as it is.
void Scheduler::step_power(SliceOrder& order) const {
  const Duration phase = std::min<Duration>(order.budget / 2, kPowerPhaseMost);
  if (phase < kPowerPhaseLeast || 2 * order.budget > limits::kSliceBudgetMax) return;
  order.power_steps = {phase, phase};
  order.budget *= 2;
}

SliceOrder Scheduler::order_for(Purpose purpose, size_t probe, std::vector<probes::UnitWork> work, uint32_t set_count, uint32_t max_runs,
                                Duration budget, Instant now) {
  ASSAY_CHECK(!work.empty() && probe < probes_.size());
  SliceOrder order;
  order.id = next_id_++;
  order.purpose = purpose;
  order.probe = &probes_[probe];
  order.work = std::move(work);
  order.set_count = std::clamp(set_count, 1U, order.probe->operand_sets);
  order.max_runs = max_runs;
  order.budget = budget;
  if (drill_active(options_.drill, device_id_, now.mono - started_)) apply_drill(options_.drill, order);
  return order;
}

bool Scheduler::grants_request(MonoTime now) const {
  return !options_.paused && bucket_.level(now) >= -kRequestCreditSlices * unit_seconds(options_.slice, 1);
}

void Scheduler::settle(const SliceOrder& order, const SliceResult& result, Instant now) {
  const double cost = cost_unit_seconds(result);
  window_.add(cost, now.mono);
  host_seconds_ += to_seconds(result.host);
  const bool paced = order.purpose == Purpose::kRotation || order.purpose == Purpose::kExploration || order.purpose == Purpose::kControl;
  if (paced) {
    bucket_.settle(planned_, std::max(cost, kLeastShare * planned_), now.mono);
  } else if (order.purpose == Purpose::kOnDemand) {
    bucket_.charge(cost, 1e9, now.mono);  // all of it: a request is inside the budget
  } else {
    bucket_.charge(cost, std::max(bucket_.capacity(), bucket_.rate() * kRetestDebtSeconds), now.mono);
  }
  if (bucket_.level(now.mono) < -bucket_.capacity()) skips_.add(SkipReason::kBudget);  // the next slice is put off
  const auto probe = probe_index(order.probe->ref);
  const auto variant = probe ? variants_->find(*probe, order.variant) : std::nullopt;
  if (!variant) return;
  if (paced && !order.power_steps.wanted()) lengths_.take(variants_->lane(*probe, *variant), result);
  if (order.purpose != Purpose::kControl) settle_cells(order, result, *probe, *variant, now);
}

void Scheduler::settle_cells(const SliceOrder& order, const SliceResult& result, size_t probe, uint32_t variant, Instant now) {
  const bool paced = order.purpose == Purpose::kRotation || order.purpose == Purpose::kExploration;
  // A slice that ran in another variant than its lane's would cover silicon that it did not touch.
  const std::string& name = variants_->at(probe, variant).name;
  const bool told = name.empty() || order.variant == name || result.observation.variant == name;
  const auto bin = coverage_.learn(result.observation.conditions, now);
  for (const UnitResult& unit : result.observation.units) {
    const Cell cell{probe, unit.unit, variant};
    if (unit.unit >= device_units_) continue;
    if (paced) coverage_.advance(cell, std::max(1U, unit.runs));  // also past operands that hang or crash
    if (told && is_measured(*order.probe, unit) && order.synthetic == Synthetic::kNone) coverage_.covered(cell, now, bin);
    if (unit.reason == Inconclusive::kUnsupported) coverage_.unsupported(cell, now);
  }
}

std::optional<size_t> Scheduler::probe_index(const ProbeRef& ref) const {
  for (size_t i = 0; i < probes_.size(); ++i) {
    if (probes_[i].ref == ref) return i;
  }
  return std::nullopt;
}

}  // namespace assay::agent
