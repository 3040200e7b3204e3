// SPDX-License-Identifier: Apache-2.0
// The fake runner does what its file says, so that tests of the agent that rest on it mean something.
#include <csignal>

#include "tests/contract/probes/contract.h"
#include "tests/support/temp_dir.h"

namespace assay::test {
namespace {

using probes::RunRequest;
using probes::RunResult;
using std::chrono::milliseconds;

class FakeRunner : public testing::Test {
 protected:
  void behave(std::string_view text) { ASSERT_TRUE(write_file_atomic(folder_ / "behave", text).ok()); }
  RunnerProcess& runner() {
    if (!runner_) runner_.emplace(std::vector<std::string>{"--behave-file", (folder_ / "behave").string()}, "assay-fake-runner");
    return *runner_;
  }
  RunResult ask(const RunRequest& request) {
    auto result = runner().ask(request);
    if (result) return std::move(*result);
    ADD_FAILURE() << result.error().message;
    RunResult nothing;
    nothing.units.resize(1);
    return nothing;
  }
  // Two units (where there are two cores), two runs each.
  static RunRequest request() {
    RunRequest request = request_for(quick_subject(), 0, 2);
    request.report_digests = false;
    if (request.cpus.size() > 1) request.work.push_back({1, 0});
    return request;
  }
  static Digest fold_of_goldens(const RunRequest& request) {
    RunFold fold;
    for (const uint32_t set : {0U, 1U}) fold.add(set, request.goldens[set]);
    return fold.value();
  }

 private:
  TempDir folder_;
  std::optional<RunnerProcess> runner_;
};

TEST_F(FakeRunner, IsHonestWithoutAFileAndCanChangeBetweenRequests) {
  const RunResult honest = ask(request());
  EXPECT_EQ(honest.units[0].result.outcome, Outcome::kMatch);
  EXPECT_EQ(honest.units[0].result.fold, fold_of_goldens(request()));
  behave("flip:unit=0\n");
  EXPECT_EQ(ask(request()).units[0].result.outcome, Outcome::kMismatch);
  behave("honest\n");
  EXPECT_EQ(ask(request()).units[0].result.outcome, Outcome::kMatch);
}

TEST_F(FakeRunner, AFlippingUnitIsAlwaysWrongInTheSameWayAndNotMarked) {
  behave("flip:unit=0\n");
  const RunResult first = ask(request());
  const RunResult second = ask(request());
  const UnitResult& unit = first.units[0].result;
  EXPECT_EQ(unit.outcome, Outcome::kMismatch);
  EXPECT_EQ(unit.mismatches, 2U);
  EXPECT_EQ(unit.records.size(), 2U);
  EXPECT_NE(unit.fold, fold_of_goldens(request()));
  EXPECT_EQ(unit.fold, second.units[0].result.fold);
  EXPECT_EQ(first.synthetic, Synthetic::kNone);
  if (first.units.size() > 1) {
    EXPECT_EQ(first.units[1].result.outcome, Outcome::kMatch);
  }
  behave("flip:unit=0,salt=9\n");
  EXPECT_NE(ask(request()).units[0].result.fold, unit.fold);
}

TEST_F(FakeRunner, FlipsOnceAndIsHonestAfterwards) {
  behave("flip_once:unit=0\n");
  EXPECT_EQ(ask(request()).units[0].result.outcome, Outcome::kMismatch);
  EXPECT_EQ(ask(request()).units[0].result.outcome, Outcome::kMatch);
}

TEST_F(FakeRunner, ABlindOneSaysMatchWithWrongDigests) {
  behave("blind:unit=0\n");
  const RunResult result = ask(request());
  EXPECT_EQ(result.units[0].result.outcome, Outcome::kMatch);
  EXPECT_NE(result.units[0].result.fold, fold_of_goldens(request()));
}

TEST_F(FakeRunner, ADeafOneMissesControls) {
  behave("deaf_control\n");
  RunRequest control = request();
  control.synthetic = Synthetic::kControl;
  control.injection.shape = FaultShape::kBitFlip;
  EXPECT_EQ(ask(control).units[0].result.outcome, Outcome::kMatch);
  behave("honest\n");
  EXPECT_EQ(ask(control).units[0].result.outcome, Outcome::kMismatch);
}

TEST_F(FakeRunner, Hangs) {
  behave("hang\n");
  ASSERT_TRUE(runner().send(request()).ok());
  EXPECT_EQ(runner().receive(milliseconds{300}).error().code, ErrorCode::kTimeout);
}

TEST_F(FakeRunner, Crashes) {
  behave("crash\n");
  ASSERT_TRUE(runner().send(request()).ok());
  EXPECT_EQ(runner().wait().value_or(ExitStatus{}).signal, SIGABRT);
}

TEST_F(FakeRunner, TalksNonsense) {
  behave("garbage\n");
  EXPECT_EQ(runner().ask(request()).error().code, ErrorCode::kInvalid);
}

TEST_F(FakeRunner, IsLate) {
  behave("slow:ms=300\n");
  ASSERT_TRUE(runner().send(request()).ok());
  EXPECT_EQ(runner().receive(milliseconds{100}).error().code, ErrorCode::kTimeout);
  EXPECT_TRUE(runner().receive().ok());
}

TEST_F(FakeRunner, RefusesABehaviourItDoesNotKnow) {
  behave("naughty\n");
  ASSERT_TRUE(runner().send(request()).ok());
  EXPECT_EQ(runner().wait().value_or(ExitStatus{}).code, 64);
}

}  // namespace
}  // namespace assay::test
