// SPDX-License-Identifier: Apache-2.0
#include "agent/runner_driver.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <functional>
#include <set>

#include <fmt/format.h>

#include "agent/discovery.h"
#include "agent/golden_trust.h"
#include "common/base/file.h"
#include "probes/catalogue/catalogue.h"
#include "tests/support/temp_dir.h"

namespace assay::agent {
namespace {

using namespace std::chrono_literals;

std::filesystem::path program(const char* name) {
  const char* bin = std::getenv("ASSAY_BIN_DIR");
  return std::filesystem::path(bin == nullptr ? "/nonexistent" : bin) / name;
}

// A driver of the fake runner, which computes truly and then misbehaves as its file says.
class RunnerDriverTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(program("assay-fake-runner"))) GTEST_SKIP() << "assay-fake-runner is not built";
    const char* source = std::getenv("ASSAY_SOURCE_DIR");
    auto set = probes::GoldenSet::load(std::filesystem::path(source) / "probes/goldens");
    ASSERT_TRUE(set.ok()) << set.error().message;
    goldens_.emplace(std::move(*set));
    spec_ = probes::find_probe("int.mul.chain");
    ASSERT_NE(spec_, nullptr);
    const auto found = discover_devices({program("assay-probe-runner"), "n1", true, 60s});
    ASSERT_TRUE(found.ok()) << found.error().message;
    cpus_ = found->devices[0].units;
    variants_ = found->variants;
  }

  void behave(std::string_view text) { ASSERT_TRUE(write_file_atomic(dir_ / "behave", text).ok()); }

  RunnerDriver& driver() {
    if (!driver_) {
      RunnerOptions options;
      options.program = program_.empty() ? program("assay-fake-runner") : program_;
      options.arguments = {"--behave-file", (dir_ / "behave").string(), "--priority", "normal"};
      options.margin = 600ms;
      options.longest = 2s;
      options.measures_host = measures_host_;
      driver_.emplace(options, root_);
    }
    return *driver_;
  }

  SliceOrder order() {
    SliceOrder order;
    order.id = ++last_id_;
    order.probe = spec_;
    order.work = {{0, 3}};
    order.set_count = 4;
    order.max_runs = 2;
    order.budget = 10s;
    return order;
  }

  SliceResult run(SliceOrder order, Duration budget = 10s) {
    order.budget = budget;
    probes::RunRequest request;
    request.id = order.id;
    request.probe = spec_->ref;
    request.variant = order.variant;
    request.cpus = cpus_;
    request.work = order.work;
    request.set_count = order.set_count;
    request.max_runs = order.max_runs;
    request.budget = budget;
    request.goldens = goldens_->find(spec_->ref)->digests;
    request.golden_hash = goldens_->find(spec_->ref)->hash;
    const SystemClock clock;
    EXPECT_TRUE(wait_ready());
    driver().start(order, request, clock.now());
    const MonoTime give_up = clock.now().mono + 60s;
    while (clock.now().mono < give_up) {
      if (auto result = driver().advance(clock.now())) return *result;
      if (while_waiting_) while_waiting_();
      wait();
    }
    ADD_FAILURE() << "no result in a minute";
    return failed_result(order, Inconclusive::kRunnerError, clock.now().wall, 0s);
  }

  void wait() {
    std::vector<pollfd> fds;
    driver().descriptors(fds);
    const SystemClock clock;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(std::min(driver().wake_at(), clock.now().mono + 50ms) - clock.now().mono).count();
    [[maybe_unused]] const int ready = ::poll(fds.data(), fds.size(), static_cast<int>(std::max<int64_t>(0, left)));
  }

  bool wait_ready() {
    const SystemClock clock;
    const MonoTime give_up = clock.now().mono + 60s;
    while (!driver().ready(clock.now().mono) && clock.now().mono < give_up) {
      pollfd none{-1, 0, 0};
      [[maybe_unused]] const int waited = ::poll(&none, 1, 20);
      driver().advance(clock.now());
    }
    return driver().ready(clock.now().mono);
  }

  static Inconclusive reason(const SliceResult& result) { return result.observation.units.at(0).reason; }

  assay::test::TempDir dir_;
  std::filesystem::path program_;
  FsRoot root_;
  bool measures_host_ = false;
  std::function<void()> while_waiting_;
  std::optional<probes::GoldenSet> goldens_;
  const ProbeSpec* spec_ = nullptr;
  std::vector<uint32_t> cpus_;
  std::vector<probes::ProbeVariant> variants_;
  std::optional<RunnerDriver> driver_;
  uint64_t last_id_ = 0;
};

TEST_F(RunnerDriverTest, AnHonestRunnerStaysWarmAndMatches) {
  for (int i = 0; i < 3; ++i) {
    const SliceResult result = run(order());
    EXPECT_EQ(result.observation.units.at(0).outcome, Outcome::kMatch) << to_string(reason(result));
    EXPECT_EQ(result.observation.units.at(0).runs, 2U);
    EXPECT_FALSE(result.observation.variant.empty());
  }
  EXPECT_EQ(driver().facts().starts, 1U);
}

TEST_F(RunnerDriverTest, TheTimeOfTheHostIsMeasuredWhereUnitsAreNoCores) {
  EXPECT_EQ(run(order()).host, Duration::zero());
  driver_.reset();
  measures_host_ = true;
  const SliceResult first = run(order());
  EXPECT_GT(first.host, Duration::zero()) << "its start at least";
  EXPECT_LT(first.host, 60s);
  const SliceResult second = run(order());
  EXPECT_LT(second.host, 60s) << "since the slice before, not since the start";
}

TEST_F(RunnerDriverTest, RunsEachVariantThatTheRunnerOffers) {
  std::set<std::string> ran;
  for (const probes::ProbeVariant& offer : variants_) {
    if (offer.probe != spec_->ref.id) continue;
    EXPECT_FALSE(offer.silicon.empty());
    SliceOrder one = order();
    one.variant = offer.variant;
    const SliceResult result = run(one);
    EXPECT_EQ(result.observation.units.at(0).outcome, Outcome::kMatch) << offer.variant;
    EXPECT_EQ(result.observation.variant, offer.variant);
    ran.insert(offer.variant);
  }
  EXPECT_TRUE(ran.contains("scalar"));
  SliceOrder missing = order();
  missing.variant = "amx";  // int.mul.chain has no such variant
  EXPECT_EQ(reason(run(missing)), Inconclusive::kUnsupported);
}

TEST_F(RunnerDriverTest, AMismatchIsAResultWithItsRecords) {
  behave("flip:unit=0,salt=3");
  const SliceResult result = run(order());
  EXPECT_EQ(result.observation.units.at(0).outcome, Outcome::kMismatch);
  EXPECT_FALSE(result.observation.units.at(0).records.empty());
}

TEST_F(RunnerDriverTest, AHangIsKilledAtItsDeadlineAndTheNextRunWorks) {
  run(order());
  behave("hang");
  const MonoTime before = BootClock::now();
  const SliceResult hung = run(order(), 100ms);
  EXPECT_EQ(reason(hung), Inconclusive::kHang);
  EXPECT_LT(BootClock::now() - before, 15s);
  EXPECT_GE(BootClock::now() - before, 700ms);
  behave("honest");
  EXPECT_EQ(run(order()).observation.units.at(0).outcome, Outcome::kMatch);
  EXPECT_EQ(driver().facts().hangs, 1U);
  EXPECT_EQ(driver().facts().starts, 2U);
}

TEST_F(RunnerDriverTest, ARunnerThatWaitsForItsCoreIsStoppedAndNotAccusedOfHanging) {
  // The kernel's figures are made up: one thread has been waiting for a core ever since.
  root_ = FsRoot(dir_.path());
  behave("hang");
  const MonoTime begun = BootClock::now();
  while_waiting_ = [&] {
    const auto folder = dir_ / fmt::format("proc/{0}/task/{0}", *driver().pid());
    std::filesystem::create_directories(folder);
    ASSERT_TRUE(write_file_atomic(folder / "schedstat", fmt::format("1000 {} 3\n", (BootClock::now() - begun).count())).ok());
  };
  const SliceResult result = run(order(), 100ms);
  EXPECT_EQ(reason(result), Inconclusive::kStopped);
  EXPECT_GE(BootClock::now() - begun, 2s);
  EXPECT_EQ(driver().facts().hangs, 0U);
  EXPECT_LE(result.occupied, 100ms);
}

TEST_F(RunnerDriverTest, ARunnableThreadThatDoesNotRunWaitsThoughTheKernelHasNotCountedItYet) {
  root_ = FsRoot(dir_.path());
  behave("hang");
  const MonoTime begun = BootClock::now();
  while_waiting_ = [&] {
    const auto folder = dir_ / fmt::format("proc/{0}/task/{0}", *driver().pid());
    std::filesystem::create_directories(folder);
    ASSERT_TRUE(write_file_atomic(folder / "schedstat", "1000 0 3\n").ok());
    ASSERT_TRUE(write_file_atomic(folder / "stat", "7 (a) b) R 1 7\n").ok());
  };
  EXPECT_EQ(reason(run(order(), 100ms)), Inconclusive::kStopped);
  EXPECT_GE(BootClock::now() - begun, 2s);
}

TEST_F(RunnerDriverTest, ACrashIsAnObservation) {
  behave("crash");
  EXPECT_EQ(reason(run(order())), Inconclusive::kCrash);
  behave("honest");
  EXPECT_EQ(run(order()).observation.units.at(0).outcome, Outcome::kMatch);
  EXPECT_EQ(driver().facts().crashes, 1U);
}

TEST_F(RunnerDriverTest, GarbageIsARunnerErrorAndNeverAPass) {
  behave("garbage");
  EXPECT_EQ(reason(run(order())), Inconclusive::kRunnerError);
  behave("honest");
  EXPECT_EQ(run(order()).observation.units.at(0).outcome, Outcome::kMatch);
}

TEST_F(RunnerDriverTest, ASlowAnswerWithinTheDeadlineCounts) {
  behave("slow:ms=300");
  EXPECT_EQ(run(order()).observation.units.at(0).outcome, Outcome::kMatch);
}

TEST_F(RunnerDriverTest, ARunnerThatCannotBeStartedIsRetriedWithPauses) {
  program_ = dir_ / "nothing";
  EXPECT_EQ(reason(run(order())), Inconclusive::kRunnerError);
  EXPECT_FALSE(driver().ready(BootClock::now()));
  EXPECT_EQ(reason(run(order())), Inconclusive::kRunnerError);
  EXPECT_EQ(driver().facts().errors, 2U);
}

TEST_F(RunnerDriverTest, AFrameThatAnnouncesTooMuchIsARunnerError) {
  const auto script = dir_ / "liar";
  ASSERT_TRUE(write_file_atomic(script, "#!/bin/sh\nprintf '\\377\\377\\377\\377' >&3\nexec cat <&3 >/dev/null\n", 0755).ok());
  program_ = script;
  const MonoTime before = BootClock::now();
  EXPECT_EQ(reason(run(order())), Inconclusive::kRunnerError);
  EXPECT_LT(BootClock::now() - before, 9s) << "at once, not at the deadline";
}

TEST_F(RunnerDriverTest, AnIdleRunnerThatDiesIsReplacedWithoutAnyResult) {
  run(order());
  driver().retire();
  EXPECT_EQ(run(order()).observation.units.at(0).outcome, Outcome::kMatch);
  EXPECT_EQ(driver().facts().starts, 2U);
  EXPECT_EQ(driver().facts().crashes, 0U);
}

TEST_F(RunnerDriverTest, DiscoverySaysWhatIsWrong) {
  const auto missing = discover_devices({dir_ / "nothing", "n1", true, 5s});
  ASSERT_FALSE(missing.ok());
  EXPECT_EQ(missing.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(missing.error().message, testing::HasSubstr("nothing --discover: "));
  const auto mute = discover_devices({"/bin/true", "n1", true, 5s});
  ASSERT_FALSE(mute.ok());
  EXPECT_EQ(mute.error().code, ErrorCode::kUnavailable);
}

class CheckedResult : public testing::Test {
 protected:
  void SetUp() override {
    probe_.ref = {"alpha.one", 1};
    order_.id = 7;
    order_.probe = &probe_;
    order_.work = {{2, 5}};
    order_.variant = "avx2";
    answer_.id = 7;
    answer_.variant = "avx2";
    answer_.units.resize(1);
    UnitResult& unit = answer_.units[0].result;
    unit.unit = 2;
    unit.first_set = 5;
    unit.runs = 3;
    unit.outcome = Outcome::kMatch;
    unit.reason = Inconclusive::kNone;
    answer_.took = 40ms;
  }
  UnitResult checked(bool had_goldens = true) { return checked_result(order_, answer_, had_goldens, WallTime{}, 50ms).observation.units.at(0); }

  ProbeSpec probe_;
  SliceOrder order_;
  probes::RunResult answer_;
};

TEST_F(CheckedResult, AnAnswerToTheOrderIsTaken) {
  EXPECT_EQ(checked().outcome, Outcome::kMatch);
  EXPECT_EQ(checked_result(order_, answer_, true, WallTime{}, 50ms).occupied, 40ms);
  EXPECT_EQ(checked_result(order_, answer_, true, WallTime{}, 30ms).occupied, 30ms) << "no longer than we waited";
  answer_.units[0].result.busy = 10ms;
  EXPECT_EQ(checked_result(order_, answer_, true, WallTime{}, 50ms).occupied, 10ms) << "waiting for a core costs nobody anything";
}

TEST_F(CheckedResult, AMatchByVoteIsOneWhereSoManyUnitsRan) {
  probe_.tier = GoldenTier::kT3Quorum;
  EXPECT_EQ(checked(false).reason, Inconclusive::kNoGolden) << "alone";
  for (uint32_t unit = 3; unit < 5; ++unit) {
    order_.work.push_back({unit, 5});
    answer_.units.push_back(answer_.units[0]);
    answer_.units.back().result.unit = unit;
  }
  EXPECT_EQ(checked(false).outcome, Outcome::kMatch);
  probe_.run_limit = 1s;
  EXPECT_EQ(checked(false).reason, Inconclusive::kNoGolden) << "a replay is left to the collector";
  probe_.run_limit = {};
  probe_.tier = GoldenTier::kT0Analytic;
  EXPECT_EQ(checked(false).reason, Inconclusive::kNoGolden) << "the golden is missing";
}

TEST_F(CheckedResult, AMatchWithoutAGoldenIsNoMatch) { EXPECT_EQ(checked(false).reason, Inconclusive::kNoGolden); }

TEST_F(CheckedResult, AnAnswerToSomethingElseIsARunnerError) {
  for (const auto& spoil : std::vector<std::function<void()>>{
           [&] { answer_.id = 8; }, [&] { answer_.units[0].result.unit = 3; }, [&] { answer_.units[0].result.first_set = 6; },
           [&] { answer_.units.clear(); }, [&] { answer_.synthetic = Synthetic::kControl; }, [&] { answer_.units[0].result.runs = 0; },
           [&] { answer_.units[0].result.mismatches = 4; }, [&] { answer_.variant = "scalar"; }}) {
    const auto good = answer_;
    spoil();
    EXPECT_EQ(checked().reason, Inconclusive::kRunnerError);
    EXPECT_EQ(checked().outcome, Outcome::kInconclusive);
    answer_ = good;
  }
}

}  // namespace
}  // namespace assay::agent
