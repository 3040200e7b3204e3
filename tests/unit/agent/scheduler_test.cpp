// SPDX-License-Identifier: Apache-2.0
#include "agent/core/scheduler.h"

#include <gtest/gtest.h>

#include <set>

#include "tests/unit/agent/core_fixture.h"

namespace assay::agent {
namespace {

using namespace test;

struct Drive {
  double spent = 0;          // unit-seconds
  int slices = 0;
  int controls = 0;
  std::vector<Duration> starts;
};

// Runs a scheduler as a shell would for `length`; each slice takes its budget times `stretch`.
Drive drive(Scheduler& scheduler, Duration begin, Duration length, double stretch = 1.0, const Surroundings& around = {}) {
  Drive drive;
  Duration now = begin;
  while (now < begin + length) {
    const Turn turn = scheduler.next(around, false, true, at(now));
    if (!turn.order) {
      now = std::max(now + 1ms, Duration(turn.ask_again - at(0s).mono));
      continue;
    }
    drive.starts.push_back(now);
    SliceResult result = run_on(healthy(), *turn.order, at(now));
    result.occupied = Duration(static_cast<Duration::rep>(static_cast<double>(work_time(*turn.order).count()) * stretch));
    now += result.occupied;
    scheduler.settle(*turn.order, result, at(now));
    drive.spent += cost_unit_seconds(result);
    ++drive.slices;
    drive.controls += turn.order->purpose == Purpose::kControl ? 1 : 0;
    now = std::max(now, Duration(scheduler.due_at(false, at(now).mono) - at(0s).mono));
  }
  return drive;
}

class BudgetAccuracy : public testing::TestWithParam<std::tuple<uint32_t, double, double>> {};

TEST_P(BudgetAccuracy, TenMinutesStayWithinTheBudgetAndUseMostOfIt) {
  const auto [units, ratio, stretch] = GetParam();
  const auto probes = three_probes();
  const Device device = device_with(units);
  SchedulerOptions options;
  options.budget_ratio = ratio;
  options.budget_cap = 0.1;
  Scheduler scheduler(device, probes, options, at(0s));
  const double budget = 600.0 * ratio * units;
  const Drive first = drive(scheduler, 0s, 600s, stretch);
  EXPECT_LE(first.spent, budget);
  EXPECT_GE(first.spent, 0.7 * budget);
  const Drive later = drive(scheduler, 600s, 600s, stretch);
  EXPECT_LE(later.spent, budget);
  EXPECT_GE(later.spent, 0.7 * budget);
  EXPECT_NEAR(scheduler.probe_ratio(at(1200s).mono), (first.spent + later.spent) / (1200.0 * units), 1e-9);
}

INSTANTIATE_TEST_SUITE_P(Scheduler, BudgetAccuracy,
                         testing::Values(std::tuple{1U, 0.001, 1.0}, std::tuple{2U, 0.001, 1.0}, std::tuple{2U, 0.001, 1.4}, std::tuple{64U, 0.001, 1.0},
                                         std::tuple{128U, 0.001, 0.6}, std::tuple{2U, 0.1, 1.0}, std::tuple{16U, 0.01, 1.1}));

// What a core computes for an accelerator is paid like the accelerator's own time: the slices become rarer, not the budget larger.
TEST(Scheduler, TheHostsTimeIsChargedToTheDevicesBudget) {
  const auto probes = three_probes();
  SchedulerOptions options;
  options.budget_ratio = 0.01;
  Scheduler scheduler(device_with(4), probes, options, at(0s));
  Duration now = 0s;
  int slices = 0;
  double units = 0;
  while (now < 600s) {
    const Turn turn = scheduler.next({}, false, true, at(now));
    if (turn.order) {
      SliceResult result = run_on(healthy(), *turn.order, at(now));
      result.occupied = turn.order->budget;
      result.host = turn.order->budget / 2;
      units += to_seconds(result.occupied) * static_cast<double>(turn.order->work.size());
      ++slices;
      now += result.occupied;
      scheduler.settle(*turn.order, result, at(now));
    }
    now = std::max(now + 1ms, Duration(scheduler.due_at(false, at(now).mono) - at(0s).mono));
  }
  EXPECT_GT(slices, 10);
  EXPECT_LE(units + scheduler.probe_host_seconds(), 600 * 0.01 * 4);
  EXPECT_GE(units + scheduler.probe_host_seconds(), 0.7 * 600 * 0.01 * 4);
  EXPECT_NEAR(scheduler.probe_unit_seconds(), units + scheduler.probe_host_seconds(), 1e-9);
  EXPECT_NEAR(scheduler.probe_host_seconds(), units / 2, 0.2 * units);
}

TEST(Scheduler, RefusesWhatItCannotPayForAndSaysWhenToAskAgain) {
  const auto probes = three_probes();
  Scheduler scheduler(device_with(2), probes, {}, at(0s));
  const Turn turn = scheduler.next({}, false, true, at(0s));
  EXPECT_FALSE(turn.order);
  EXPECT_EQ(turn.skip, SkipReason::kNotDue);
  const Instant due{at(0s).wall, turn.ask_again};
  EXPECT_TRUE(scheduler.next({}, false, true, due).order);
  EXPECT_EQ(scheduler.skips().count(SkipReason::kNotDue), 1U);
}

TEST(Scheduler, OneSliceInSoManyStepsPowerAndCostsNoMore) {
  const auto probes = three_probes();
  SchedulerOptions options;
  options.power_steps_one_in = 5;
  options.control_one_in = 0;
  options.slice = 60ms;
  Scheduler scheduler(device_with(1), probes, options, at(0s));
  int stepped = 0;
  Duration now = 0s;
  for (int slice = 0; slice < 50;) {
    const Turn turn = scheduler.next({}, false, true, at(now));
    now = std::max(now + 1ms, Duration(turn.ask_again - at(0s).mono));
    if (!turn.order) continue;
    ++slice;
    EXPECT_EQ(work_time(*turn.order), 60ms);
    if (turn.order->power_steps.wanted()) {
      ++stepped;
      EXPECT_EQ(turn.order->power_steps, (probes::PowerSteps{30ms, 30ms}));
      EXPECT_EQ(turn.order->budget, 120ms);
    } else {
      EXPECT_EQ(turn.order->budget, 60ms);
    }
    scheduler.settle(*turn.order, run_on(healthy(), *turn.order, at(now)), at(now));
  }
  EXPECT_EQ(stepped, 10);
}

TEST(Scheduler, AShortSliceDoesNotStepPower) {
  const auto probes = three_probes();
  SchedulerOptions options;
  options.power_steps_one_in = 1;
  options.slice = 19ms;
  Scheduler scheduler(device_with(1), probes, options, at(0s));
  const Instant due{at(0s).wall, scheduler.next({}, false, true, at(0s)).ask_again};
  const Turn turn = scheduler.next({}, false, true, due);
  ASSERT_TRUE(turn.order);
  EXPECT_FALSE(turn.order->power_steps.wanted());
  EXPECT_EQ(turn.order->budget, 19ms);
}

TEST(Scheduler, DevicesOfAFleetDoNotFireTogether) {
  const auto probes = three_probes();
  std::set<int64_t> first;
  for (int i = 0; i < 50; ++i) {
    Scheduler scheduler(device_with(2, "cpu-" + std::to_string(i)), probes, {}, at(0s));
    first.insert(std::chrono::floor<std::chrono::seconds>(scheduler.due_at(false, at(0s).mono) - at(0s).mono).count());
  }
  EXPECT_GT(first.size(), 8U);
}

TEST(Scheduler, EveryCellIsCoveredAndUnitsWalkThroughDifferentOperandSets) {
  const auto probes = three_probes();
  SchedulerOptions options;
  options.budget_ratio = 0.01;
  options.control_one_in = 0;
  Scheduler scheduler(device_with(4), probes, options, at(0s));
  std::map<std::pair<std::string, uint32_t>, uint32_t> first_sets;
  Duration now = 0s;
  for (int i = 0; i < 60; ++i) {
    now = scheduler.due_at(false, at(now).mono) - at(0s).mono;
    const Turn turn = scheduler.next({}, false, true, at(now));
    ASSERT_TRUE(turn.order);
    first_sets.try_emplace({turn.order->probe->ref.id, turn.order->work.front().unit}, turn.order->work.front().first_set);
    scheduler.settle(*turn.order, run_on(healthy(), *turn.order, at(now), 1), at(now));
  }
  EXPECT_EQ(scheduler.coverage().cells_covered(), 12U);
  for (const ProbeSpec& probe : probes) {
    std::set<uint32_t> sets;
    for (uint32_t unit = 0; unit < 4; ++unit) sets.insert(first_sets.at({probe.ref.id, unit}));
    EXPECT_EQ(sets.size(), 4U) << probe.ref.id << ": neighbours would run the same operands";
  }
}

TEST(Scheduler, OneSliceInSoManyIsAControlOnOneUnitAlone) {
  const auto probes = three_probes();
  SchedulerOptions options;
  options.budget_ratio = 0.01;
  options.control_one_in = 20;
  options.units_per_slice = 4;
  Scheduler scheduler(device_with(8), probes, options, at(0s));
  int controls = 0;
  Duration now = 0s;
  for (int i = 0; i < 400; ++i) {
    now = scheduler.due_at(false, at(now).mono) - at(0s).mono;
    const Turn turn = scheduler.next({}, false, true, at(now));
    ASSERT_TRUE(turn.order);
    if (turn.order->purpose == Purpose::kControl) {
      ++controls;
      EXPECT_EQ(turn.order->work.size(), 1U);
      EXPECT_EQ(turn.order->synthetic, Synthetic::kControl);
      EXPECT_EQ(turn.order->injection.shape, FaultShape::kBitFlip);
      EXPECT_EQ(turn.order->injection.unit, turn.order->work.front().unit);
    }
    scheduler.settle(*turn.order, run_on(healthy(), *turn.order, at(now)), at(now));
  }
  EXPECT_EQ(controls, 20);
}

TEST(Scheduler, ControlsAndDrillsCoverNothing) {
  const auto probes = three_probes();
  SchedulerOptions options;
  options.budget_ratio = 0.01;
  options.control_one_in = 1;
  Scheduler scheduler(device_with(1), probes, options, at(0s));
  drive(scheduler, 0s, 100s);
  EXPECT_EQ(scheduler.coverage().cells_covered(), 0U);
}

TEST(Scheduler, WatchedDevicesAreProbedTenTimesAsOftenWithinTheCap) {
  const auto probes = three_probes();
  Scheduler scheduler(device_with(2), probes, {}, at(0s));
  const auto calm = scheduler.due_at(false, at(0s).mono) - at(0s).mono;
  const auto watched = scheduler.due_at(true, at(0s).mono) - at(0s).mono;
  EXPECT_NEAR(to_seconds(calm) / to_seconds(watched), 10.0, 0.01);
  SchedulerOptions near_cap;
  near_cap.budget_ratio = 0.005;
  Scheduler capped(device_with(2), probes, near_cap, at(0s));
  EXPECT_NEAR(to_seconds(capped.due_at(false, at(0s).mono) - at(0s).mono) / to_seconds(capped.due_at(true, at(0s).mono) - at(0s).mono), 2.0, 0.01);
}

TEST(Scheduler, CountsEverySkipByItsReason) {
  const auto probes = three_probes();
  SchedulerOptions options;
  options.load_gate_ratio = 0.5;
  Scheduler scheduler(device_with(2), probes, options, at(0s));
  const Instant due = at(60s);
  EXPECT_EQ(scheduler.next({.runner_ready = false, .cpu_pressure_ratio = {}, .memory_available_bytes = {}}, false, true, due).skip, SkipReason::kRunnerDown);
  EXPECT_EQ(scheduler.next({.runner_ready = true, .cpu_pressure_ratio = 0.6, .memory_available_bytes = {}}, false, true, due).skip, SkipReason::kLoad);
  EXPECT_EQ(scheduler.next({.runner_ready = true, .cpu_pressure_ratio = 0.4, .memory_available_bytes = 1 << 20}, false, true, due).skip, SkipReason::kMemoryShort);
  EXPECT_EQ(scheduler.next({}, false, false, due).skip, SkipReason::kPaused);
  const std::map<std::string, uint64_t> expected{{"runner_down", 1}, {"load", 1}, {"memory_short", 1}, {"paused", 1}};
  EXPECT_EQ(scheduler.skips().by_name(), expected);
  EXPECT_TRUE(scheduler.next({.runner_ready = true, .cpu_pressure_ratio = 0.4, .memory_available_bytes = {}}, false, true, due).order);
}

TEST(Scheduler, RetestsPutTheRotationOffButNotForLong) {
  const auto probes = three_probes();
  Scheduler scheduler(device_with(2), probes, {}, at(0s));
  const SliceOrder retest = scheduler.order_for(Purpose::kLadder, 0, {{0, 3}}, 1, 10, 2s, at(60s));
  SliceResult result = run_on(healthy(), retest, at(60s));
  result.occupied = 20s;
  scheduler.settle(retest, result, at(80s));
  EXPECT_EQ(scheduler.skips().count(SkipReason::kBudget), 1U);
  const auto wait = scheduler.due_at(false, at(80s).mono) - at(80s).mono;
  EXPECT_GT(wait, 30s);
  EXPECT_LE(wait, 100s);
  EXPECT_GT(scheduler.probe_unit_seconds(), 19.9) << "retests are counted in the cost all the same";
}

TEST(Scheduler, ASliceThatGivesUpAtOnceDoesNotComeBackAtOnce) {
  const auto probes = three_probes();
  Scheduler scheduler(device_with(2), probes, {}, at(0s));
  const Turn turn = scheduler.next({}, false, true, at(60s));
  ASSERT_TRUE(turn.order);
  scheduler.settle(*turn.order, failed_result(*turn.order, Inconclusive::kNoMemory, at(60s).wall, Duration::zero()), at(60s));
  EXPECT_GT(scheduler.due_at(false, at(60s).mono) - at(60s).mono, 2s);
}

TEST(Scheduler, AProbeWhoseRunsDoNotFitASliceGetsMoreTimeWithinTheBudget) {
  auto probes = three_probes();
  probes.resize(1);
  SchedulerOptions options;
  options.power_steps_one_in = 0;
  Scheduler scheduler(device_with(1), probes, options, at(0s));
  Duration now = 0s;
  double spent = 0;
  std::vector<Duration> budgets;
  for (int i = 0; i < 8; ++i) {
    now = scheduler.due_at(false, at(now).mono) - at(0s).mono;
    const Turn turn = scheduler.next({}, false, true, at(now));
    ASSERT_TRUE(turn.order);
    budgets.push_back(turn.order->budget);
    const SliceResult result = turn.order->budget < 300ms ? failed_result(*turn.order, Inconclusive::kStopped, at(now).wall, turn.order->budget)
                                                          : run_on(healthy(), *turn.order, at(now), 1);
    now += result.occupied;
    spent += cost_unit_seconds(result);
    scheduler.settle(*turn.order, result, at(now));
  }
  EXPECT_EQ(budgets[0], 50ms);
  EXPECT_EQ(budgets[1], 100ms);
  EXPECT_EQ(budgets[3], 400ms);
  EXPECT_EQ(budgets[7], 400ms);
  EXPECT_GT(scheduler.coverage().cells_covered(), 0U);
  const Duration repaid = scheduler.due_at(false, at(now).mono) - at(0s).mono;
  EXPECT_LE(spent, 0.001 * to_seconds(repaid));
}

TEST(Scheduler, OrdersNameTheirVariantAndCoverItAlone) {
  const auto probes = three_probes();
  SchedulerOptions options;
  options.budget_ratio = 0.01;
  options.control_one_in = 0;
  Scheduler scheduler(device_with(2), probes, options, at(0s), variants_of(probes));
  std::map<std::string, int> names;
  Duration now = 0s;
  for (int i = 0; i < 200; ++i) {
    now = scheduler.due_at(false, at(now).mono) - at(0s).mono;
    const Turn turn = scheduler.next({}, false, true, at(now));
    ASSERT_TRUE(turn.order);
    ++names[turn.order->probe->ref.id + " " + turn.order->variant];
    SliceResult result = run_on(healthy(), *turn.order, at(now));
    for (UnitResult& unit : result.observation.units) unit.busy = turn.order->variant == "narrow" ? 80ms : 16ms;
    scheduler.settle(*turn.order, result, at(now));
  }
  EXPECT_EQ(names.size(), 4U);
  EXPECT_GT(names["alpha.one narrow"], 30);
  EXPECT_GT(names["gamma.three "], 10);
  EXPECT_EQ(scheduler.coverage().cells_covered(), 8U);
  EXPECT_NEAR(*scheduler.lengths().run_seconds(0), 0.002, 1e-9);
  EXPECT_NEAR(*scheduler.lengths().run_seconds(1), 0.01, 1e-9) << "each variant has its own length";
}

TEST(Scheduler, NoCellIsCoveredByARunOfAnotherVariant) {
  const auto probes = three_probes();
  Scheduler scheduler(device_with(1), probes, {}, at(0s), variants_of(probes));
  const SliceOrder order = scheduler.order_for(Purpose::kOnDemand, 0, {{0, 1}}, 1, 1, 50ms, at(60s));
  ASSERT_EQ(order.variant, "");
  SliceResult result = run_on(healthy(), order, at(60s));
  result.observation.variant = "narrow";
  scheduler.settle(order, result, at(60s));
  EXPECT_EQ(scheduler.coverage().cells_covered(), 0U);
  result.observation.variant = "wide";
  scheduler.settle(order, result, at(61s));
  EXPECT_EQ(scheduler.coverage().lane(0, 0).cells_covered, 1U);
}

TEST(Scheduler, RecordsInWhichConditionACellWasMeasured) {
  const auto probes = three_probes();
  SchedulerOptions options;
  options.budget_ratio = 0.01;
  options.control_one_in = 0;
  Scheduler scheduler(device_with(2), probes, options, at(0s));
  Duration now = 0s;
  for (int i = 0; i < 100; ++i) {
    Surroundings around;
    around.conditions.temperature_celsius = i % 2 == 0 ? 40.0 : 75.0;
    now = scheduler.due_at(false, at(now).mono) - at(0s).mono;
    const Turn turn = scheduler.next(around, false, true, at(now));
    ASSERT_TRUE(turn.order);
    SliceResult result = run_on(healthy(), *turn.order, at(now));
    result.observation.conditions = around.conditions;
    scheduler.settle(*turn.order, result, at(now));
  }
  const auto bins = scheduler.coverage().bins(at(now));
  ASSERT_EQ(bins.size(), 2U) << "it was never in between";
  EXPECT_EQ(bins[0].bin, ConditionBin::kCold);
  EXPECT_EQ(bins[0].cells_covered, 6U);
  EXPECT_EQ(bins[1].bin, ConditionBin::kHot);
  EXPECT_EQ(bins[1].cells_covered, 6U);
}

// A catalogue of one replay that takes a tenth of its timeout.
TEST(Scheduler, AReplayRunsOnceASliceWithinTheSameBudget) {
  auto probes = three_probes();
  probes.resize(1);
  probes[0].ref = {"user.mine", 1};
  probes[0].tier = GoldenTier::kT3Quorum;
  probes[0].run_limit = 2s;
  SchedulerOptions options;
  options.control_one_in = 1;
  options.power_steps_one_in = 1;
  options.drill.enabled = true;
  Scheduler scheduler(device_with(2), probes, options, at(0s));
  Duration now = 0s;
  double spent = 0;
  for (int i = 0; i < 20; ++i) {
    now = scheduler.due_at(false, at(now).mono) - at(0s).mono;
    const Turn turn = scheduler.next({}, false, true, at(now));
    ASSERT_TRUE(turn.order);
    EXPECT_NE(turn.order->purpose, Purpose::kControl) << "there is no comparator to test";
    EXPECT_EQ(turn.order->synthetic, Synthetic::kNone) << "nor to drill";
    EXPECT_EQ(turn.order->max_runs, 1U);
    EXPECT_EQ(turn.order->set_count, 1U);
    EXPECT_EQ(turn.order->budget, 2s);
    EXPECT_FALSE(turn.order->power_steps.wanted());
    SliceResult result = failed_result(*turn.order, Inconclusive::kNoGolden, at(now).wall, 200ms);
    for (UnitResult& unit : result.observation.units) {
      unit.runs = 1;
      unit.busy = 200ms;
    }
    now += 200ms;
    spent += cost_unit_seconds(result);
    scheduler.settle(*turn.order, result, at(now));
  }
  const Duration repaid = scheduler.due_at(false, at(now).mono) - at(0s).mono;
  EXPECT_LE(spent, 0.001 * 2 * to_seconds(repaid) + 0.1);
  EXPECT_EQ(scheduler.coverage().cells_covered(), 2U) << "to have run is all that the node can say of it";
  EXPECT_NEAR(*scheduler.lengths().run_seconds(0), 0.2, 1e-9);
}

TEST(Scheduler, AReplayMustFitWhatADeviceMaySpendInTenMinutes) {
  ProbeSpec replay = three_probes()[0];
  SchedulerOptions options;
  options.budget_cap = 0.01;
  options.units_per_slice = 1;
  replay.run_limit = 24s;
  EXPECT_TRUE(fits_budget(replay, options, 4).ok());
  replay.run_limit = 25s;
  const Status refused = fits_budget(replay, options, 4);
  ASSERT_FALSE(refused.ok());
  EXPECT_NE(refused.error().message.find("alpha.one/1: one run of 25.0 s is more than the 24.0 s"), std::string::npos) << refused.error().message;
  options.units_per_slice = 4;
  replay.run_limit = 7s;
  EXPECT_FALSE(fits_budget(replay, options, 4).ok()) << "four at once cost four times as much";
}

TEST(Scheduler, AReplayThatGaveNothingCoversNothing) {
  auto probes = three_probes();
  probes.resize(1);
  probes[0].tier = GoldenTier::kT3Quorum;
  probes[0].run_limit = 2s;
  Scheduler scheduler(device_with(1), probes, {}, at(0s));
  const Turn turn = scheduler.next({}, false, true, at(600s));
  ASSERT_TRUE(turn.order);
  for (const Inconclusive reason : {Inconclusive::kNoGolden, Inconclusive::kHang, Inconclusive::kCrash, Inconclusive::kRunnerError}) {
    scheduler.settle(*turn.order, failed_result(*turn.order, reason, at(600s).wall, 1s), at(601s));
  }
  EXPECT_EQ(scheduler.coverage().cells_covered(), 0U);
}

TEST(Scheduler, ADrillMarksItsUnitAndNoOther) {
  const auto probes = three_probes();
  SchedulerOptions options;
  options.budget_ratio = 0.01;
  options.control_one_in = 0;
  options.units_per_slice = 4;
  options.drill.enabled = true;
  options.drill.unit = 2;
  options.drill.shape = FaultShape::kStuckAt;
  options.drill.after = 20s;
  Scheduler scheduler(device_with(4), probes, options, at(0s));
  Duration now = 0s;
  int drilled = 0;
  for (int i = 0; i < 200; ++i) {
    now = scheduler.due_at(false, at(now).mono) - at(0s).mono;
    const Turn turn = scheduler.next({}, false, true, at(now));
    ASSERT_TRUE(turn.order);
    ASSERT_EQ(turn.order->work.size(), 1U) << "a neighbour's runs would be marked";
    const bool expected = turn.order->work.front().unit == 2 && now >= 20s;
    EXPECT_EQ(turn.order->synthetic, expected ? Synthetic::kDrill : Synthetic::kNone);
    EXPECT_EQ(turn.order->injection.shape, expected ? FaultShape::kStuckAt : FaultShape::kNone);
    drilled += expected ? 1 : 0;
    scheduler.settle(*turn.order, run_on(healthy(), *turn.order, at(now)), at(now));
  }
  EXPECT_GT(drilled, 20);
}

// A catalogue of one probe without a golden, on which units vote.
std::vector<ProbeSpec> one_voted_probe() {
  auto probes = three_probes();
  probes.resize(1);
  probes[0].tier = GoldenTier::kT3Quorum;
  probes[0].operand_sets = 16;
  return probes;
}

TEST(Scheduler, AProbeWithoutAGoldenHasUnitsAndDevicesDoTheSameWork) {
  const auto probes = one_voted_probe();
  SchedulerOptions options;
  options.units_per_slice = 1;
  options.control_one_in = 0;
  for (const uint32_t device_units : {2U, 8U}) {
    Scheduler scheduler(device_with(device_units, "gpu-" + std::to_string(device_units)), probes, options, at(0s));
    for (int i = 1; i < 6; ++i) {
      const Turn turn = scheduler.next({}, false, true, at(i * 600s));
      ASSERT_TRUE(turn.order);
      EXPECT_EQ(turn.order->synthetic, Synthetic::kNone);
      EXPECT_EQ(turn.order->max_runs, 16U);
      EXPECT_EQ(turn.order->set_count, 16U);
      std::set<uint32_t> units;
      for (const probes::UnitWork& work : turn.order->work) {
        units.insert(work.unit);
        EXPECT_EQ(work.first_set, 0U);
        EXPECT_LT(work.unit, device_units);
      }
      EXPECT_EQ(units.size(), std::min(device_units, 3U)) << "as many as make a vote, where there are so many";
      scheduler.settle(*turn.order, run_on(healthy(), *turn.order, at(i * 600s)), at(i * 600s + 1s));
    }
  }
}

TEST(Scheduler, AControlOfAProbeWithoutAGoldenBringsTheUnitsThatVote) {
  const auto probes = one_voted_probe();
  SchedulerOptions options;
  options.units_per_slice = 1;
  options.control_one_in = 1;
  for (const uint32_t device_units : {2U, 8U}) {
    Scheduler scheduler(device_with(device_units, "gpu-" + std::to_string(device_units)), probes, options, at(0s));
    const Turn turn = scheduler.next({}, false, true, at(600s));
    ASSERT_TRUE(turn.order);
    if (device_units == 2) {
      EXPECT_EQ(turn.order->synthetic, Synthetic::kNone) << "two make no vote: nothing on the node would compare";
      continue;
    }
    EXPECT_EQ(turn.order->synthetic, Synthetic::kControl);
    EXPECT_EQ(turn.order->max_runs, 1U);
    EXPECT_EQ(turn.order->work.size(), 3U);
    EXPECT_EQ(turn.order->injection.unit, turn.order->work.front().unit);
    for (const probes::UnitWork& work : turn.order->work) EXPECT_EQ(work.first_set, 0U);
  }
}

}  // namespace
}  // namespace assay::agent
