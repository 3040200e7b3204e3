// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/load_steps.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <thread>

#include "tests/unit/runner/fake_kernels.h"

namespace assay::test {
namespace {

using probes::RunRequest;
using probes::RunResult;
using std::chrono::milliseconds;
using std::chrono::seconds;

RunRequest stepped(const FakeKernels& kernels, Duration on, Duration off, Duration budget) {
  RunRequest request = kernels.request();
  request.max_runs = 0;
  request.set_count = 8;
  request.budget = budget;
  request.power_steps = {on, off};
  return request;
}

TEST(LoadSteps, RunsFollowTheEdgesAndGiveTheSameBits) {
  const FakeKernels kernels{FakePlan{}};
  const UnitResult result = run(kernels, stepped(kernels, milliseconds{20}, milliseconds{20}, milliseconds{210})).units[0].result;
  EXPECT_EQ(result.outcome, Outcome::kMatch);
  EXPECT_GE(result.runs, 1U);
  EXPECT_LE(result.runs, 11U) << "two in a cycle; without steps there are thousands";
}

TEST(LoadSteps, WorkIsChargedAndIdleIsNot) {
  const FakeKernels kernels{FakePlan{}};
  const RunResult idle = run(kernels, stepped(kernels, milliseconds{1}, milliseconds{100}, milliseconds{350}));
  const RunResult working = run(kernels, stepped(kernels, milliseconds{100}, milliseconds{1}, milliseconds{350}));
  EXPECT_LT(idle.units[0].result.busy, milliseconds{100});
  EXPECT_GT(working.units[0].result.busy, idle.units[0].result.busy);
}

TEST(LoadSteps, AllUnitsStepTogether) {
  FakePlan plan;
  std::array<std::atomic<int64_t>, 2> first{};
  const auto cpus = probes::host::allowed_cpus();
  if (cpus.size() < 2) GTEST_SKIP() << "needs two cpus";
  plan.before_step = [&](uint32_t) {
    int64_t none = 0;
    const int64_t now = BootClock::now().time_since_epoch().count();
    first[probes::host::current_cpu() == cpus[0] ? 0 : 1].compare_exchange_strong(none, now);
  };
  const FakeKernels kernels{plan};
  RunRequest request = stepped(kernels, milliseconds{50}, milliseconds{50}, milliseconds{500});
  request.work.push_back({1, 1});
  request.max_runs = 1;
  const RunResult result = run(kernels, request);
  EXPECT_EQ(result.units.size(), 2U);
  EXPECT_GE(result.took, milliseconds{50}) << "the first run waits for the first edge";
  EXPECT_LT(std::abs(first[0] - first[1]), Duration(milliseconds{400}).count()) << "generous: other programs run here too";
}

TEST(LoadSteps, AStopEndsIdleAndWork) {
  const FakeKernels kernels{FakePlan{}};
  for (const bool idle : {true, false}) {
    std::atomic<bool> stop{false};
    const RunRequest request = stepped(kernels, idle ? milliseconds{1} : seconds{1}, idle ? seconds{1} : milliseconds{1}, seconds{30});
    const MonoTime start = BootClock::now();
    RunResult result;
    std::thread runner([&] { result = probes::host::Frame(kernels, {false, false, FsRoot(), std::chrono::minutes{1}}).run(request, stop); });
    while (BootClock::now() < start + milliseconds{30}) std::this_thread::yield();
    stop = true;
    runner.join();
    EXPECT_LT(BootClock::now() - start, milliseconds{900}) << "generous: other programs run here too";
    if (idle) {
      EXPECT_EQ(result.units[0].result.reason, Inconclusive::kStopped);
    }
  }
}

TEST(LoadSteps, TheBudgetEndsIdle) {
  const FakeKernels kernels{FakePlan{}};
  const RunResult result = run(kernels, stepped(kernels, seconds{1}, seconds{1}, milliseconds{50}));
  EXPECT_EQ(result.units[0].result.reason, Inconclusive::kStopped);
  EXPECT_LT(result.took, milliseconds{900}) << "generous: other programs run here too";
}

}  // namespace
}  // namespace assay::test
