// SPDX-License-Identifier: Apache-2.0
#include "agent/core/device_watch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "agent/core/node_check.h"
#include "tests/unit/agent/core_fixture.h"

namespace assay::agent {
namespace {

using namespace test;
using testing::Contains;
using testing::Field;
using testing::HasSubstr;

// Drives one watch against a fake machine, as the loop of the agent does.
class WatchDrive {
 public:
  explicit WatchDrive(const WatchOptions& options, uint32_t units = 2) : watch_(device_with(units), probes_, options, at(0s)) {}

  static WatchOptions options() {
    WatchOptions options;
    options.node = "n1";
    options.scheduler.budget_ratio = 0.01;
    options.scheduler.control_one_in = 0;
    options.golden = [](const ProbeRef&, uint32_t set) { return right_digest(set); };
    return options;
  }

  void run(const Machine& machine, Duration until) {
    while (now_ < until) {
      take(watch_.tick(at(now_)));
      const MonoTime due = watch_.due_at(at(now_));
      if (due > at(now_).mono) {
        now_ = std::min(until, Duration(due - at(0s).mono));
        continue;
      }
      const Turn turn = watch_.next({}, at(now_));
      if (!turn.order) {
        now_ = std::max(now_ + 1ms, Duration(turn.ask_again - at(0s).mono));
        continue;
      }
      SliceResult result = run_on(machine, *turn.order, at(now_));
      now_ += result.occupied;
      settle(*turn.order, std::move(result));
    }
  }

  void settle(const SliceOrder& order, SliceResult result) {
    Settlement settled = watch_.settle(order, std::move(result), at(now_));
    observations_.push_back(settled.observation);
    take(settled.news);
  }

  void take(const News& news) {
    for (const Incident& incident : news.incidents) incidents_[incident.id] = incident;
    remarks_.insert(remarks_.end(), news.remarks.begin(), news.remarks.end());
    urgent_ = urgent_ || news.urgent;
    reload_ = reload_ || news.reload_goldens;
  }

  Incident only_incident() const {
    EXPECT_EQ(incidents_.size(), 1U);
    return incidents_.empty() ? Incident{} : incidents_.begin()->second;
  }

  std::vector<ProbeSpec> probes_ = three_probes();
  DeviceWatch watch_;
  Duration now_{};
  std::map<std::string, Incident> incidents_;
  std::vector<Remark> remarks_;
  std::vector<Observation> observations_;
  bool urgent_ = false;
  bool reload_ = false;
};

TEST(DeviceWatch, AHealthyDeviceComesIntoServiceAndNothingIsFound) {
  WatchDrive drive(WatchDrive::options());
  drive.run(healthy(), 2h);
  EXPECT_EQ(drive.watch_.state(), DeviceState::kInService);
  EXPECT_TRUE(drive.incidents_.empty());
  EXPECT_FALSE(drive.urgent_);
  EXPECT_EQ(check_node({&drive.watch_}).verdict, NodeVerdict::kFine);
}

TEST(DeviceWatch, ADeviceThatWasNeverMeasuredIsUnknown) {
  WatchDrive drive(WatchDrive::options());
  const Machine down = [](const SliceOrder&, uint32_t, uint32_t) { return UnitAnswer{Outcome::kInconclusive, Inconclusive::kRunnerError, {}, false}; };
  drive.run(down, 10min);
  EXPECT_EQ(drive.watch_.state(), DeviceState::kUnknown);
  EXPECT_EQ(check_node({&drive.watch_}).verdict, NodeVerdict::kUnknown);
}

TEST(DeviceWatch, AFaultyUnitIsConfirmedAndHeldUntilTheCollectorDecides) {
  WatchDrive drive(WatchDrive::options(), 4);
  drive.run(faulty_unit(2), 1h);
  const Incident incident = drive.only_incident();
  EXPECT_EQ(incident.verdict, Verdict::kConfirmedUnit);
  EXPECT_EQ(incident.unit, 2U);
  EXPECT_EQ(incident.node, "n1");
  EXPECT_THAT(incident.id, testing::MatchesRegex("inc-[0-9a-f]{16}"));
  EXPECT_EQ(drive.watch_.state(), DeviceState::kSuspect);
  EXPECT_EQ(check_node({&drive.watch_}).verdict, NodeVerdict::kFinding);
  EXPECT_TRUE(drive.urgent_);
  EXPECT_THAT(drive.remarks_, Contains(Field(&Remark::text, HasSubstr("verdict=confirmed_unit"))));
}

TEST(DeviceWatch, FromFirstMismatchToVerdictTakesLessThanASecond) {
  WatchDrive drive(WatchDrive::options(), 4);
  while (drive.incidents_.empty()) drive.run(faulty_unit(2), drive.now_ + 100ms);
  const Duration opened = drive.now_;
  while (drive.only_incident().verdict == Verdict::kOpen) drive.run(faulty_unit(2), drive.now_ + 1ms);
  EXPECT_LT(drive.now_ - opened, 1s);
}

TEST(DeviceWatch, ProbingGoesOnWhileQuarantinedAndStopsInRepair) {
  WatchDrive drive(WatchDrive::options());
  drive.run(healthy(), 1min);
  drive.take(drive.watch_.set_state(DeviceState::kQuarantined, at(drive.now_)));
  const size_t before = drive.observations_.size();
  drive.run(healthy(), 10min);
  EXPECT_GT(drive.observations_.size(), before + 50);
  drive.take(drive.watch_.set_state(DeviceState::kInRepair, at(drive.now_)));
  const size_t in_repair = drive.observations_.size();
  drive.run(healthy(), 20min);
  EXPECT_EQ(drive.observations_.size(), in_repair);
  EXPECT_GT(drive.watch_.scheduler().skips().count(SkipReason::kPaused), 0U);
}

TEST(DeviceWatch, AReleasedDeviceIsAccusedAnewWhenItFailsAgain) {
  WatchDrive drive(WatchDrive::options());
  drive.run(faulty_unit(1), 10min);
  ASSERT_EQ(drive.incidents_.size(), 1U);
  drive.take(drive.watch_.set_state(DeviceState::kQuarantined, at(drive.now_)));
  drive.take(drive.watch_.set_state(DeviceState::kProbation, at(drive.now_)));
  drive.run(faulty_unit(1), 20min);
  EXPECT_EQ(drive.incidents_.size(), 2U);
}

TEST(DeviceWatch, AWrongGoldenAccusesTheProbeOnceAndTheDeviceStaysInService) {
  WatchDrive drive(WatchDrive::options(), 4);
  const Machine wrong_golden = [](const SliceOrder& order, uint32_t, uint32_t set) {
    return order.probe->ref.id == "alpha.one" ? UnitAnswer{Outcome::kMismatch, Inconclusive::kNone, {4242, set}, false}
                                              : UnitAnswer{Outcome::kMatch, Inconclusive::kNone, right_digest(set), false};
  };
  drive.run(wrong_golden, 2h);
  EXPECT_EQ(drive.only_incident().verdict, Verdict::kProbeSuspect);
  EXPECT_EQ(drive.watch_.state(), DeviceState::kInService);
}

TEST(DeviceWatch, AnUnreproducedMismatchLeavesSuspicionThatOnlyAges) {
  WatchDrive drive(WatchDrive::options());
  drive.run(healthy(), 1min);
  bool once = true;
  const Machine flash = [&once](const SliceOrder&, uint32_t, uint32_t set) {
    const bool wrong = std::exchange(once, false);
    return wrong ? UnitAnswer{Outcome::kMismatch, Inconclusive::kNone, {1, 1}, false} : UnitAnswer{Outcome::kMatch, Inconclusive::kNone, right_digest(set), false};
  };
  drive.run(flash, 10min);
  EXPECT_EQ(drive.only_incident().verdict, Verdict::kUnreproduced);
  EXPECT_EQ(drive.watch_.state(), DeviceState::kSuspect);
  drive.take(drive.watch_.tick(at(89 * 24h)));
  EXPECT_EQ(drive.watch_.state(), DeviceState::kSuspect);
  drive.take(drive.watch_.tick(at(91 * 24h)));
  EXPECT_EQ(drive.watch_.state(), DeviceState::kInService);
}

// The collector saw what this node cannot (its peers): only the collector takes it back, also after a restart.
TEST(DeviceWatch, ASuspicionOfTheCollectorStaysUntilTheCollectorLiftsIt) {
  WatchDrive drive(WatchDrive::options());
  drive.run(healthy(), 100s);
  const size_t before = drive.observations_.size();
  drive.take(drive.watch_.set_state(DeviceState::kSuspect, at(drive.now_)));
  drive.run(healthy(), 200s);
  EXPECT_EQ(drive.watch_.state(), DeviceState::kSuspect);
  WatchDrive restarted(WatchDrive::options());
  ASSERT_TRUE(restarted.watch_.restore(drive.watch_.memory(), at(0s)).ok());
  restarted.run(healthy(), 100s);
  EXPECT_EQ(restarted.watch_.state(), DeviceState::kSuspect);
  EXPECT_GE(restarted.observations_.size(), before) << "as often as one in service at least";
  restarted.take(restarted.watch_.set_state(DeviceState::kInService, at(restarted.now_)));
  restarted.run(healthy(), 200s);
  EXPECT_EQ(restarted.watch_.state(), DeviceState::kInService);
}

TEST(DeviceWatch, ASecondIndependentMismatchWithinNinetyDaysConfirms) {
  WatchDrive drive(WatchDrive::options());
  int wrong_left = 1;
  const Machine flash = [&wrong_left](const SliceOrder& order, uint32_t unit, uint32_t set) {
    const bool wrong = unit == 1 && order.purpose != Purpose::kLadder && wrong_left > 0 && wrong_left-- > 0;
    return wrong ? UnitAnswer{Outcome::kMismatch, Inconclusive::kNone, {1, set}, false} : UnitAnswer{Outcome::kMatch, Inconclusive::kNone, right_digest(set), false};
  };
  drive.run(flash, 10min);
  EXPECT_EQ(drive.only_incident().verdict, Verdict::kUnreproduced);
  wrong_left = 1;
  drive.run(flash, 30min);
  ASSERT_EQ(drive.incidents_.size(), 2U);
  EXPECT_THAT(drive.incidents_, Contains(testing::Pair(testing::_, Field(&Incident::verdict, Verdict::kConfirmedUnit))));
}

TEST(DeviceWatch, ADrillRunsTheWholeChainMarkedAndNeverCountsAsReal) {
  WatchOptions options = WatchDrive::options();
  options.scheduler.drill.enabled = true;
  options.scheduler.drill.unit = 1;
  options.scheduler.drill.after = 1min;
  WatchDrive drive(options);
  const Machine drilled = [](const SliceOrder& order, uint32_t unit, uint32_t set) {
    const bool hit = order.injection.shape != FaultShape::kNone && order.injection.unit == unit;
    return hit ? UnitAnswer{Outcome::kMismatch, Inconclusive::kNone, {unit, set}, false} : UnitAnswer{Outcome::kMatch, Inconclusive::kNone, right_digest(set), false};
  };
  drive.run(drilled, 1h);
  const Incident incident = drive.only_incident();
  EXPECT_EQ(incident.verdict, Verdict::kConfirmedUnit);
  EXPECT_EQ(incident.synthetic, Synthetic::kDrill);
  EXPECT_TRUE(drive.watch_.state_is_synthetic());
  EXPECT_EQ(drive.watch_.state(), DeviceState::kSuspect);
  EXPECT_EQ(check_node({&drive.watch_}).verdict, NodeVerdict::kFine) << "a drill is no reason to keep work away";
  for (const Observation& observation : drive.observations_) {
    const bool wrong = std::any_of(observation.units.begin(), observation.units.end(), [](const UnitResult& u) { return u.outcome == Outcome::kMismatch; });
    if (wrong) {
      EXPECT_EQ(observation.synthetic, Synthetic::kDrill);
    }
  }
}

TEST(DeviceWatch, RealTroubleTakesOverFromADrill) {
  WatchOptions options = WatchDrive::options();
  options.scheduler.drill.enabled = true;
  options.scheduler.drill.unit = 1;
  WatchDrive drive(options, 3);
  const Machine both = [](const SliceOrder& order, uint32_t unit, uint32_t set) {
    const bool hit = (order.injection.shape != FaultShape::kNone && order.injection.unit == unit) || (unit == 2 && order.purpose != Purpose::kOnDemand && set > 30);
    return hit ? UnitAnswer{Outcome::kMismatch, Inconclusive::kNone, {unit, set}, false} : UnitAnswer{Outcome::kMatch, Inconclusive::kNone, right_digest(set), false};
  };
  drive.run(both, 2h);
  EXPECT_FALSE(drive.watch_.state_is_synthetic());
  EXPECT_EQ(check_node({&drive.watch_}).verdict, NodeVerdict::kFinding);
}

TEST(DeviceWatch, ABlindDetectorIsAnIncidentOnceAndIsReal) {
  WatchOptions options = WatchDrive::options();
  options.scheduler.control_one_in = 5;
  WatchDrive drive(options);
  const auto turn_until_control = [&] {
    for (;;) {
      drive.now_ = std::max(drive.now_, Duration(drive.watch_.due_at(at(drive.now_)) - at(0s).mono));
      const Turn turn = drive.watch_.next({}, at(drive.now_));
      SliceResult result = run_on(healthy(), *turn.order, at(drive.now_));
      const bool control = turn.order->purpose == Purpose::kControl;
      if (control) {
        result.observation.units[0].outcome = Outcome::kMatch;  // the planted fault was not seen
        result.observation.units[0].mismatches = 0;
        result.observation.units[0].records.clear();
      }
      drive.settle(*turn.order, std::move(result));
      if (control) return;
    }
  };
  turn_until_control();
  turn_until_control();
  EXPECT_EQ(drive.only_incident().verdict, Verdict::kControlMissed);
  EXPECT_EQ(drive.only_incident().synthetic, Synthetic::kNone);
  EXPECT_EQ(drive.watch_.controls().missed, 2U);
  EXPECT_EQ(drive.watch_.state(), DeviceState::kSuspect);
}

TEST(DeviceWatch, ACorruptGoldenIsReloadedAndAccusesNobody) {
  WatchDrive drive(WatchDrive::options());
  drive.now_ = drive.watch_.due_at(at(0s)) - at(0s).mono;
  const Turn turn = drive.watch_.next({}, at(drive.now_));
  SliceResult result = run_on(faulty_unit(turn.order->work[0].unit), *turn.order, at(drive.now_));
  result.golden_rehash_ok = false;
  drive.settle(*turn.order, std::move(result));
  EXPECT_TRUE(drive.reload_);
  EXPECT_TRUE(drive.incidents_.empty());
  EXPECT_EQ(drive.observations_[0].units[0].outcome, Outcome::kInconclusive);
  EXPECT_EQ(drive.observations_[0].units[0].reason, Inconclusive::kGoldenCorrupt);
}

TEST(DeviceWatch, AHangOfSeveralUnitsIsFollowedByEachAlone) {
  WatchOptions options = WatchDrive::options();
  options.scheduler.units_per_slice = 4;
  WatchDrive drive(options, 4);
  const Machine unit_three_hangs = [](const SliceOrder& order, uint32_t unit, uint32_t set) {
    // The runner dies as a whole: every unit of the slice is without a result.
    const bool hit = std::any_of(order.work.begin(), order.work.end(), [](const auto& work) { return work.unit == 3; });
    return hit ? UnitAnswer{Outcome::kInconclusive, Inconclusive::kHang, {}, false} : UnitAnswer{Outcome::kMatch, Inconclusive::kNone, right_digest(set + unit * 0), false};
  };
  drive.run(unit_three_hangs, 30min);
  const Incident incident = drive.only_incident();
  EXPECT_EQ(incident.verdict, Verdict::kHang);
  EXPECT_EQ(incident.unit, 3U);
}

TEST(DeviceWatch, ARestartRemembersStateIncidentsAndCoverage) {
  WatchDrive before(WatchDrive::options());
  before.run(faulty_unit(1), 10min);
  ASSERT_EQ(before.watch_.state(), DeviceState::kSuspect);

  WatchDrive after(WatchDrive::options());
  ASSERT_TRUE(after.watch_.restore(before.watch_.memory(), at(11min)).ok());
  EXPECT_EQ(after.watch_.state(), DeviceState::kSuspect);
  EXPECT_EQ(after.watch_.incidents().size(), 1U);
  after.now_ = 11min;
  after.run(faulty_unit(1), 30min);
  EXPECT_TRUE(after.incidents_.empty()) << "what is condemned already needs no second incident";
  EXPECT_EQ(after.watch_.status(at(11min)).cells_covered, before.watch_.status(at(11min)).cells_covered);
}

TEST(DeviceWatch, AnIncidentThatWasOpenAtTheKillIsRetestedAfterwards) {
  WatchDrive before(WatchDrive::options());
  while (before.incidents_.empty()) before.run(faulty_unit(1), before.now_ + 10ms);
  ASSERT_EQ(before.only_incident().verdict, Verdict::kOpen);
  WatchDrive after(WatchDrive::options());
  ASSERT_TRUE(after.watch_.restore(before.watch_.memory(), at(before.now_)).ok());
  EXPECT_TRUE(after.watch_.retesting());
  after.now_ = before.now_;
  after.run(faulty_unit(1), before.now_ + 5s);
  EXPECT_EQ(after.only_incident().id, before.only_incident().id);
  EXPECT_EQ(after.only_incident().verdict, Verdict::kConfirmedUnit);
}

// The scalar unit alone is broken: the ladder must not ask the vector unit and find it well.
TEST(DeviceWatch, RetestsUseTheVariantThatWasWrong) {
  WatchOptions options = WatchDrive::options();
  options.variants = two_variants();
  WatchDrive drive(options, 4);
  const Machine machine = [](const SliceOrder& order, uint32_t unit, uint32_t set) {
    return faulty_unit(order.variant == "narrow" ? 2 : 99)(order, unit, set);
  };
  drive.run(machine, 1h);
  const Incident incident = drive.only_incident();
  EXPECT_EQ(incident.verdict, Verdict::kConfirmedUnit);
  EXPECT_EQ(incident.variant, "narrow");
  EXPECT_EQ(incident.probe.id, "alpha.one");
}

// What fails after a step of load would pass without one.
TEST(DeviceWatch, RetestsStepPowerAsTheSliceDidThatFailed) {
  WatchOptions options = WatchDrive::options();
  options.scheduler.power_steps_one_in = 1;
  WatchDrive drive(options, 4);
  const Machine weak = [](const SliceOrder& order, uint32_t unit, uint32_t set) {
    return order.power_steps.wanted() ? faulty_unit(2)(order, unit, set) : healthy()(order, unit, set);
  };
  drive.run(weak, 1h);
  EXPECT_EQ(drive.only_incident().verdict, Verdict::kConfirmedUnit);
}

TEST(DeviceWatch, AUnitIsIsolatedInTheVariantThatDied) {
  WatchOptions options = WatchDrive::options();
  options.variants = two_variants();
  options.scheduler.units_per_slice = 4;
  WatchDrive drive(options, 4);
  const Machine machine = [](const SliceOrder& order, uint32_t unit, uint32_t set) {
    const bool dies = order.variant == "narrow" && unit == 1;
    return dies ? UnitAnswer{Outcome::kInconclusive, Inconclusive::kCrash, {}, false} : healthy()(order, unit, set);
  };
  std::set<std::string> isolated;
  for (Duration until = 10s; until < 20min; until += 10s) {
    drive.run(machine, until);
    for (const Observation& observation : drive.observations_) {
      const bool alone = observation.units.size() == 1 && observation.units[0].reason == Inconclusive::kCrash;
      if (alone) isolated.insert(observation.variant);
    }
  }
  for (const std::string& variant : isolated) EXPECT_EQ(variant, "narrow");
}

TEST(DeviceWatch, AReplayThatHangsOrCrashesAccusesNobody) {
  WatchDrive drive(WatchDrive::options(), 4);
  for (ProbeSpec& probe : drive.probes_) {
    probe.tier = GoldenTier::kT3Quorum;
    probe.run_limit = 1s;
  }
  const Machine hangs = [](const SliceOrder&, uint32_t unit, uint32_t) {
    return UnitAnswer{Outcome::kInconclusive, unit == 1 ? Inconclusive::kHang : Inconclusive::kCrash, {}, false};
  };
  drive.run(hangs, 2h);
  EXPECT_GT(drive.observations_.size(), 20U);
  EXPECT_TRUE(drive.incidents_.empty());
  EXPECT_EQ(drive.watch_.state(), DeviceState::kUnknown);
}

TEST(DeviceWatch, ARequestMayNameAVariant) {
  WatchOptions options = WatchDrive::options();
  options.variants = two_variants();
  WatchDrive drive(options);
  EXPECT_EQ(drive.watch_.request_run({"alpha.one", 0, 0, 1, "amx"}, at(0s)).error().code, ErrorCode::kNotFound);
  ASSERT_TRUE(drive.watch_.request_run({"alpha.one", 0, 0, 1, "narrow"}, at(0s)).ok());
  EXPECT_EQ(drive.watch_.next({}, at(0s)).order->variant, "narrow");
  ASSERT_TRUE(drive.watch_.request_run({"alpha.one", 0, 0, 1}, at(0s)).ok());
  EXPECT_EQ(drive.watch_.next({}, at(0s)).order->variant, "wide");
}

TEST(DeviceWatch, WhatARunTakesIsRememberedOverARestart) {
  WatchDrive before(WatchDrive::options());
  const SliceOrder order = before.watch_.next({}, at(60s)).order.value();
  SliceResult result = run_on(healthy(), order, at(60s));
  for (UnitResult& unit : result.observation.units) unit.busy = 40ms;
  before.settle(order, result);
  WatchDrive after(WatchDrive::options());
  ASSERT_TRUE(after.watch_.restore(before.watch_.memory(), at(61s)).ok());
  const size_t lane = after.watch_.scheduler().probe_index(order.probe->ref).value();
  EXPECT_NEAR(after.watch_.scheduler().lengths().run_seconds(lane).value_or(0), 0.005, 1e-9);
  DeviceMemory damaged = before.watch_.memory();
  damaged.lengths = "nonsense";
  WatchDrive third(WatchDrive::options());
  EXPECT_FALSE(third.watch_.restore(damaged, at(61s)).ok());
  EXPECT_EQ(third.watch_.state(), DeviceState::kInService) << "all else holds";
}

TEST(DeviceWatch, ARequestedRunGoesNextAndIsRefusedOverTheBudget) {
  WatchOptions options = WatchDrive::options();
  options.scheduler.budget_ratio = 0.001;
  WatchDrive drive(options);
  EXPECT_EQ(drive.watch_.request_run({"no.such", 0, 0, 1}, at(0s)).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(drive.watch_.request_run({"beta.two", 9, 0, 1}, at(0s)).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(drive.watch_.request_run({"beta.two", 0, 64, 1}, at(0s)).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(drive.watch_.request_run({"beta.two", 0, 0, 0}, at(0s)).error().code, ErrorCode::kInvalid);
  int granted = 0;
  for (; granted < 100; ++granted) {
    if (!drive.watch_.request_run({"beta.two", 1, 7, 4}, at(0s)).ok()) break;
    const Turn turn = drive.watch_.next({}, at(0s));
    ASSERT_TRUE(turn.order);
    EXPECT_EQ(turn.order->purpose, Purpose::kOnDemand);
    EXPECT_EQ(turn.order->work[0], (probes::UnitWork{1, 7}));
    EXPECT_EQ(turn.order->max_runs, 4U);
    SliceResult result = run_on(healthy(), *turn.order, at(0s));
    result.occupied = 50ms;
    drive.settle(*turn.order, std::move(result));
  }
  EXPECT_GE(granted, 5);
  EXPECT_LE(granted, 20);
}

TEST(DeviceWatch, ARequestedReplayHasItsTimeForEveryRun) {
  auto probes = three_probes();
  probes.resize(1);
  probes[0].tier = GoldenTier::kT3Quorum;
  probes[0].run_limit = 3s;
  DeviceWatch watch(device_with(2), probes, WatchDrive::options(), at(0s));
  ASSERT_TRUE(watch.request_run({"alpha.one", 0, 0, 4}, at(0s)).ok());
  EXPECT_EQ(watch.next({}, at(0s)).order->budget, 12s);
  ASSERT_TRUE(watch.request_run({"alpha.one", 0, 0, 1000}, at(0s)).ok());
  EXPECT_EQ(watch.next({}, at(0s)).order->budget, limits::kSliceBudgetMax);
}

}  // namespace
}  // namespace assay::agent
