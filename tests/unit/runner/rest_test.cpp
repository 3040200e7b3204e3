// SPDX-License-Identifier: Apache-2.0
// Rests between steps: they are kept, cost no CPU, are not begun in vain, and end with the slice.
#include "probes/backend/host/rest.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <thread>

#include "common/base/file.h"
#include "tests/unit/runner/fake_kernels.h"

namespace assay::test {
namespace {

using probes::RunRequest;
using probes::RunResult;
using probes::host::Frame;
using probes::host::FrameOptions;
using std::chrono::milliseconds;
using std::chrono::seconds;

FakePlan resting(Duration rest) {
  FakePlan plan;
  plan.rest = rest;
  return plan;
}

FrameOptions options(int stop_descriptor = -1) {
  FrameOptions made;
  made.idle_priority = false;
  made.stop_descriptor = stop_descriptor;
  return made;
}

TEST(Rest, IsKeptAndCostsNoCpu) {
  const FakeKernels kernels{resting(milliseconds{150})};
  const std::atomic<bool> never{false};
  const RunResult result = Frame(kernels, options()).run(kernels.request(), never);
  EXPECT_EQ(result.units[0].result.outcome, Outcome::kMatch);
  EXPECT_GE(result.took, milliseconds{150});
  EXPECT_LT(result.units[0].result.busy, milliseconds{75}) << "only the thread's CPU time is charged";
}

TEST(Rest, ThatDoesNotFitTheBudgetIsNotBegun) {
  const FakeKernels kernels{resting(seconds{60})};
  RunRequest request = kernels.request();
  request.budget = seconds{5};
  const std::atomic<bool> never{false};
  const RunResult result = Frame(kernels, options()).run(request, never);
  EXPECT_EQ(result.units[0].result.reason, Inconclusive::kStopped);
  EXPECT_EQ(result.units[0].result.runs, 0U);
  EXPECT_LT(result.took, seconds{4});
}

TEST(Rest, EndsWhenTheSliceIsStopped) {
  const FakeKernels kernels{resting(seconds{60})};
  RunRequest request = kernels.request();
  request.budget = seconds{100};
  const UniqueFd event(::eventfd(0, EFD_CLOEXEC));
  std::atomic<bool> stop{false};
  std::thread stopper([&] {
    std::this_thread::sleep_for(milliseconds{50});
    stop = true;
    ASSERT_EQ(::eventfd_write(event.get(), 1), 0);
  });
  const RunResult result = Frame(kernels, options(event.get())).run(request, stop);
  stopper.join();
  EXPECT_EQ(result.units[0].result.reason, Inconclusive::kStopped);
  EXPECT_LT(result.took, seconds{30});
}

TEST(Rest, IsCutToTheLongestThatIsWanted) {
  const FakeKernels kernels{resting(seconds{60})};
  FrameOptions quick = options();
  quick.longest_rest = milliseconds{1};
  const std::atomic<bool> never{false};
  const RunResult result = Frame(kernels, quick).run(kernels.request(), never);
  EXPECT_EQ(result.units[0].result.outcome, Outcome::kMatch);
}

}  // namespace
}  // namespace assay::test
