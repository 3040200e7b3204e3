// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/frame.h"

#include <bit>
#include <cfenv>
#include <functional>

#include "common/base/file.h"
#include "probes/backend/host/poison.h"
#include "probes/backend/host/slice.h"
#include "tests/support/temp_dir.h"
#include "tests/unit/runner/fake_kernels.h"

namespace assay::test {
namespace {

using probes::RunRequest;
using probes::RunResult;
using std::chrono::milliseconds;

const UnitResult& only(const RunResult& result) {
  EXPECT_EQ(result.units.size(), 1U);
  return result.units.front().result;
}

TEST(Frame, AHealthyUnitMatchesOnEverySetInTurn) {
  const FakeKernels kernels{FakePlan{}};
  RunRequest request = kernels.request();
  request.work[0].first_set = 6;
  request.set_count = 3;
  request.max_runs = 7;
  const RunResult result = run(kernels, request);
  EXPECT_EQ(only(result).outcome, Outcome::kMatch);
  EXPECT_EQ(only(result).reason, Inconclusive::kNone);
  EXPECT_EQ(only(result).runs, 7U);
  EXPECT_EQ(result.id, request.id);
  EXPECT_EQ(result.variant, "fake");
  RunFold fold;
  for (const uint32_t set : {6U, 7U, 0U, 6U, 7U, 0U, 6U}) fold.add(set, request.goldens[set]);
  EXPECT_EQ(only(result).fold, fold.value());
  EXPECT_GT(only(result).busy.count(), 0);
}

TEST(Frame, ReportsDigestsOnlyWhenAsked) {
  const FakeKernels kernels{FakePlan{}};
  RunRequest request = kernels.request();
  request.max_runs = 3;
  request.set_count = 8;
  EXPECT_TRUE(run(kernels, request).units[0].digests.empty());
  request.report_digests = true;
  const std::vector<Digest> first(request.goldens.begin(), request.goldens.begin() + 3);
  EXPECT_EQ(run(kernels, request).units[0].digests, first);
}

TEST(Frame, WordsLeftUnwrittenAreNotExecutedAndNeverAMatch) {
  FakePlan plan;
  plan.leaves_poison_at_step = 2;
  const FakeKernels kernels{plan};
  const RunResult result = run(kernels, kernels.request());
  EXPECT_EQ(only(result).outcome, Outcome::kInconclusive);
  EXPECT_EQ(only(result).reason, Inconclusive::kNotExecuted);
  EXPECT_EQ(only(result).runs, 0U);
  EXPECT_EQ(only(result).fold, Digest{});
  EXPECT_THAT(result.detail, testing::HasSubstr("unwritten"));
}

TEST(Frame, AKernelWithoutStepsIsNotExecuted) {
  FakePlan plan;
  plan.steps = 0;
  const FakeKernels kernels{plan};
  EXPECT_EQ(only(run(kernels, kernels.request())).reason, Inconclusive::kNotExecuted);
}

TEST(Frame, PoisonDiffersFromRunToRunAndUnitToUnit) {
  EXPECT_NE(probes::host::poison_of(1, 0, 0), probes::host::poison_of(1, 0, 1));
  EXPECT_NE(probes::host::poison_of(1, 0, 0), probes::host::poison_of(1, 1, 0));
  EXPECT_NE(probes::host::poison_of(1, 0, 0), probes::host::poison_of(2, 0, 0));
}

TEST(Poison, FillsEveryWordAndNoOther) {
  for (const size_t size : {0U, 1U, 7U, 63U, 64U, 65U, 200U, 512U, 577U, 5000U}) {
    std::vector<uint64_t> words(size + 1, 7);
    probes::host::fill_with(9, std::span(words).first(size));
    EXPECT_EQ(std::count(words.begin(), words.end(), 9), static_cast<std::ptrdiff_t>(size));
    EXPECT_EQ(words.back(), 7U);
  }
}

TEST(Frame, AThreadThatIsMovedIsInconclusive) {
  const auto cpus = probes::host::allowed_cpus();
  if (cpus.size() < 2) GTEST_SKIP() << "needs two cpus";
  FakePlan plan;
  plan.before_step = [&](uint32_t) { ASSERT_TRUE(probes::host::pin_to_cpu(cpus[1]).ok()); };
  const FakeKernels kernels{plan};
  const RunResult result = run(kernels, kernels.request());
  EXPECT_EQ(only(result).reason, Inconclusive::kMigrated);
  EXPECT_EQ(only(result).runs, 0U);
}

TEST(Frame, ACpuThatIsNotThereIsInconclusiveAndNamed) {
  const FakeKernels kernels{FakePlan{}};
  RunRequest request = kernels.request();
  request.cpus[0] = 4095;
  const RunResult result = run(kernels, request);
  EXPECT_EQ(only(result).outcome, Outcome::kInconclusive);
  EXPECT_EQ(only(result).reason, Inconclusive::kMigrated);
  EXPECT_THAT(result.detail, testing::HasSubstr("cpu 4095"));
}

TEST(Frame, WithoutGoldensItComputesAndSaysSo) {
  const FakeKernels kernels{FakePlan{}};
  RunRequest request = kernels.request();
  const Digest right = request.goldens[0];
  request.report_digests = true;
  request.goldens.clear();
  RunResult result = run(kernels, request);
  EXPECT_EQ(only(result).reason, Inconclusive::kNoGolden);
  EXPECT_EQ(only(result).runs, 1U);
  EXPECT_EQ(result.units[0].digests, std::vector<Digest>{right});

  request.goldens = {right};  // of set 0 alone
  request.golden_hash = probes::hash_of(request.goldens);
  request.set_count = 2;
  request.max_runs = 2;
  result = run(kernels, request);
  EXPECT_EQ(only(result).reason, Inconclusive::kNoGolden) << "one set of two could not be compared";
}

TEST(Frame, GoldensThatDoNotHashAreRefused) {
  const FakeKernels kernels{FakePlan{}};
  RunRequest request = kernels.request();
  request.goldens[3].low ^= 1;
  const RunResult result = run(kernels, request);
  EXPECT_EQ(only(result).reason, Inconclusive::kGoldenCorrupt);
  EXPECT_THAT(result.detail, testing::HasSubstr("goldens"));
}

TEST(Frame, GoldensThatChangeWhileTheProbeRunsAccuseNobody) {
  FakePlan plan;
  RunRequest request;
  plan.before_step = [&](uint32_t) { request.goldens[0].low = 1; };
  const FakeKernels kernels{plan};
  request = kernels.request();
  const RunResult result = run(kernels, request);
  EXPECT_FALSE(result.golden_rehash_ok);
  EXPECT_EQ(only(result).outcome, Outcome::kInconclusive);
  EXPECT_EQ(only(result).reason, Inconclusive::kGoldenCorrupt);
}

TEST(Frame, UnknownProbesVersionsAndVariantsAreUnsupported) {
  const FakeKernels kernels{FakePlan{}};
  for (const int what : {0, 1, 2}) {
    RunRequest request = kernels.request();
    if (what == 0) request.probe.id = "no.such.probe";
    if (what == 1) request.probe.version = 9;
    if (what == 2) request.variant = "neon";
    const RunResult result = run(kernels, request);
    EXPECT_EQ(only(result).outcome, Outcome::kInconclusive);
    EXPECT_EQ(only(result).reason, Inconclusive::kUnsupported);
    EXPECT_FALSE(result.detail.empty());
  }
}

TEST(Frame, ADeviceWithTooFewCpusForAProbeBetweenThemIsUnsupported) {
  FakePlan plan;
  plan.cpus_needed = 2;
  const FakeKernels kernels{plan};
  RunRequest request = kernels.request();
  request.cpus.resize(1);
  const RunResult result = run(kernels, request);
  EXPECT_EQ(only(result).outcome, Outcome::kInconclusive);
  EXPECT_EQ(only(result).reason, Inconclusive::kUnsupported);
  EXPECT_THAT(result.detail, testing::HasSubstr("between 2 cpus, the device has 1"));
  request.cpus.push_back(0);
  EXPECT_EQ(only(run(kernels, request)).outcome, Outcome::kMatch);
}

TEST(Frame, AStepThatItsPartnersDidNotDoIsNoRun) {
  FakePlan plan;
  plan.end = probes::host::StepEnd::kStopped;
  EXPECT_EQ(only(run(FakeKernels{plan}, FakeKernels{plan}.request())).reason, Inconclusive::kStopped);
  plan.end = probes::host::StepEnd::kMigrated;
  EXPECT_EQ(only(run(FakeKernels{plan}, FakeKernels{plan}.request())).reason, Inconclusive::kMigrated);
}

TEST(Frame, PartnersAreChargedAndNamedAfterAMismatch) {
  FakePlan plan;
  plan.partners = {7, 9};
  plan.partners_time = std::chrono::hours{1};
  RunResult result = run(FakeKernels{plan}, FakeKernels{plan}.request());
  EXPECT_EQ(only(result).outcome, Outcome::kMatch);
  EXPECT_GT(only(result).busy, std::chrono::hours{1});
  EXPECT_EQ(result.detail, "");
  plan.is_broken = [](uint32_t, uint32_t) { return true; };
  result = run(FakeKernels{plan}, FakeKernels{plan}.request());
  EXPECT_EQ(only(result).outcome, Outcome::kMismatch);
  EXPECT_THAT(result.detail, testing::HasSubstr("worked with cpu 7, 9"));
}

TEST(Frame, MemoryThatIsNotThereIsSaidSo) {
  FakePlan plan;
  plan.no_memory = true;
  EXPECT_EQ(only(run(FakeKernels{plan}, FakeKernels{plan}.request())).reason, Inconclusive::kNoMemory);
  plan.no_memory = false;
  plan.throws_bad_alloc = true;
  EXPECT_EQ(only(run(FakeKernels{plan}, FakeKernels{plan}.request())).reason, Inconclusive::kNoMemory);

  const FakeKernels healthy{FakePlan{}};
  RunRequest request = healthy.request();
  request.memory_bytes = 4095;
  EXPECT_EQ(only(run(healthy, request)).reason, Inconclusive::kNoMemory) << "more than is allowed";
  request.memory_bytes = 4096;
  EXPECT_EQ(only(run(healthy, request)).outcome, Outcome::kMatch);

  const TempDir root;
  ASSERT_TRUE(make_directory(root / "proc").ok());
  ASSERT_TRUE(write_file_atomic(root / "proc/meminfo", "MemTotal: 1000000 kB\nMemAvailable:      66000 kB\n").ok());
  EXPECT_EQ(only(run(healthy, request, false, FsRoot(root.path()))).reason, Inconclusive::kNoMemory) << "the reserve would not stay";
  std::filesystem::create_directories(root / "proc/self");
  std::filesystem::create_directories(root / "sys/fs/cgroup/job");
  ASSERT_TRUE(write_file_atomic(root / "proc/meminfo", "MemAvailable:   16777216 kB\n").ok());
  EXPECT_EQ(only(run(healthy, request, false, FsRoot(root.path()))).outcome, Outcome::kMatch);
  ASSERT_TRUE(write_file_atomic(root / "proc/self/cgroup", "0::/job\n").ok());
  ASSERT_TRUE(write_file_atomic(root / "sys/fs/cgroup/job/memory.max", "268435456\n").ok());
  ASSERT_TRUE(write_file_atomic(root / "sys/fs/cgroup/job/memory.current", "260000000\n").ok());
  EXPECT_EQ(only(run(healthy, request, false, FsRoot(root.path()))).reason, Inconclusive::kNoMemory) << "its cgroup is nearly full";
}

TEST(Frame, AStopOrASpentBudgetBeforeTheFirstRunIsStopped) {
  const FakeKernels kernels{FakePlan{}};
  const std::atomic<bool> stop{true};
  EXPECT_EQ(only(probes::host::Frame(kernels, {false, false, FsRoot(), std::chrono::minutes{1}}).run(kernels.request(), stop)).reason, Inconclusive::kStopped);

  FakePlan slow;
  std::atomic<int> steps{0};
  slow.steps = 1000;
  slow.before_step = [&](uint32_t) {
    ++steps;
    const auto until = BootClock::now() + milliseconds{1};
    while (BootClock::now() < until) {
    }
  };
  const FakeKernels slow_kernels{slow};
  RunRequest request = slow_kernels.request();
  request.goldens.clear();
  request.budget = milliseconds{20};
  const RunResult result = run(slow_kernels, request);
  EXPECT_EQ(only(result).reason, Inconclusive::kStopped) << "a run that was not finished counts for nothing";
  EXPECT_EQ(only(result).runs, 0U);
  EXPECT_LT(steps, 40) << "stops between steps";
}

TEST(Frame, FillsItsBudgetAndStopsInTime) {
  const FakeKernels kernels{FakePlan{}};
  RunRequest request = kernels.request(64);
  request.max_runs = 0;
  request.set_count = 8;
  request.budget = milliseconds{1000};
  const RunResult result = run(kernels, request);
  for (const auto& unit : result.units) {
    EXPECT_EQ(unit.result.outcome, Outcome::kMatch);
    EXPECT_GT(unit.result.runs, 1U);
  }
  EXPECT_GE(result.took, milliseconds{1000});
  EXPECT_LT(result.took, milliseconds{10'000}) << "generous: other programs run here too";
}

TEST(Frame, RoundingAndFlushModesOfTheCallerDoNotReachTheKernel) {
  FakePlan plan;
  std::atomic<uint64_t> seen{0};
  plan.before_step = [&](uint32_t) {
    volatile double one = 1.0;
    volatile double three = 3.0;
    volatile double tiny = 4.9406564584124654e-324;
    volatile double third = one / three;
    volatile double kept = tiny * one;
    seen = std::bit_cast<uint64_t>(double{third}) ^ std::bit_cast<uint64_t>(double{kept});
  };
  const FakeKernels kernels{plan};
  std::fesetround(FE_UPWARD);
#if defined(__x86_64__)
  const unsigned before = __builtin_ia32_stmxcsr();
  __builtin_ia32_ldmxcsr(before | 0x8040);
#endif
  const RunResult result = run(kernels, kernels.request());
#if defined(__x86_64__)
  __builtin_ia32_ldmxcsr(before);
#endif
  std::fesetround(FE_TONEAREST);
  EXPECT_EQ(only(result).outcome, Outcome::kMatch);
  EXPECT_EQ(seen, 0x3FD5555555555555U ^ 1U);
}

// What a bit does that flips in the request after it was read: the run is right, and is not what was asked for.
TEST(Frame, ARequestThatChangedWhileItWasComputedIsNeverAPass) {
  RunRequest request;
  const std::vector<std::function<void()>> changes = {[&] { request.id ^= 1; }, [&] { request.work[0].first_set ^= 1; }, [&] { request.set_count ^= 2; },
                                                      [&] { request.synthetic = Synthetic::kControl; }, [&] { request.goldens[7].low ^= 1; }};
  for (size_t i = 0; i < changes.size(); ++i) {
    FakePlan plan;
    plan.before_step = [&](uint32_t step) {
      if (step == 3) changes[i]();
    };
    const FakeKernels kernels(plan);
    request = kernels.request();
    const RunResult result = run(kernels, request);
    EXPECT_EQ(only(result).outcome, Outcome::kInconclusive) << "change " << i;
    EXPECT_EQ(only(result).reason, Inconclusive::kRunnerError) << "change " << i;
    EXPECT_FALSE(result.detail.empty()) << "change " << i;
  }
}

}  // namespace
}  // namespace assay::test
