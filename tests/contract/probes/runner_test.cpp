// SPDX-License-Identifier: Apache-2.0
// assay-probe-runner as a process: what it answers, how it ends, what it does to itself.
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>

#include "common/base/fs_root.h"
#include "tests/contract/probes/contract.h"
#include "tests/support/temp_dir.h"

namespace assay::test {
namespace {

using probes::RunRequest;
using std::chrono::milliseconds;
using std::chrono::seconds;

RunRequest simple_request(uint32_t set = 3) { return request_for(quick_subject(), set, 1); }

RunRequest long_request() {
  RunRequest request = simple_request();
  request.max_runs = 0;
  request.budget = seconds{30};
  return request;
}

// How it ended; neither code nor signal when it did not.
ExitStatus end_of(RunnerProcess& runner) { return runner.wait().value_or(ExitStatus{}); }

RunOutcome run_program(std::vector<std::string> arguments, std::string_view name = "assay-probe-runner") {
  RunOptions options;
  options.spawn.program = program(name);
  options.spawn.arguments = std::move(arguments);
  options.deadline = seconds{60};
  auto outcome = run_process(options);
  EXPECT_TRUE(outcome.ok()) << (outcome.ok() ? "" : outcome.error().message);
  return outcome.ok() ? *outcome : RunOutcome{};
}

// The text the child wrote to stderr, through a file.
class Errors {
 public:
  Errors() : fd_(::memfd_create("stderr", MFD_CLOEXEC)) {}
  int fd() const { return fd_.get(); }
  std::string text() const {
    std::string content(65536, '\0');
    const ssize_t got = ::pread(fd_.get(), content.data(), content.size(), 0);
    content.resize(got > 0 ? static_cast<size_t>(got) : 0);
    return content;
  }

 private:
  UniqueFd fd_;
};

TEST(Runner, AnswersRequestAfterRequestUntilTheEndOfFile) {
  RunnerProcess runner;
  for (uint32_t set = 0; set < 3; ++set) {
    const RunRequest request = simple_request(set);
    const auto result = runner.ask(request);
    ASSERT_TRUE(result.ok()) << result.error().message;
    EXPECT_EQ(result->id, request.id);
    EXPECT_EQ(result->units[0].result.outcome, Outcome::kMatch);
    EXPECT_EQ(result->synthetic, Synthetic::kNone);
  }
  runner.hang_up();
  EXPECT_EQ(end_of(runner).code, 0);
}

TEST(Runner, RefusesWhatIsNoRequestWithOneLine) {
  const std::vector<std::string> nonsense = {"", "nonsense", encode(simple_request()).substr(0, 40), encode(simple_request()) + "x"};
  for (const std::string& bytes : nonsense) {
    const Errors errors;
    RunnerProcess runner({}, "assay-probe-runner", errors.fd());
    ASSERT_TRUE(probes::write_frame(runner.socket(), bytes).ok());
    EXPECT_EQ(end_of(runner).code, 65);
    const std::string text = errors.text();
    EXPECT_THAT(text, testing::HasSubstr("runner"));
    EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1) << text;
  }
}

TEST(Runner, RefusesAFrameOverTheLimitAndOneCutShort) {
  RunnerProcess large;
  ASSERT_TRUE(write_all(large.socket(), "\xFF\xFF\xFF\xFF").ok());
  EXPECT_EQ(end_of(large).code, 65);
  RunnerProcess cut;
  ASSERT_TRUE(write_all(cut.socket(), std::string_view("\x08\0\0\0ab", 6)).ok());
  ::shutdown(cut.socket(), SHUT_WR);
  EXPECT_EQ(end_of(cut).code, 69);
}

TEST(Runner, PlantsNoDrillsUnlessStartedForThem) {
  RunRequest request = simple_request();
  request.synthetic = Synthetic::kDrill;
  request.injection.shape = FaultShape::kCrash;
  RunnerProcess guarded;
  const auto refused = guarded.ask(request);
  ASSERT_TRUE(refused.ok()) << refused.error().message;
  EXPECT_EQ(refused->units[0].result.reason, Inconclusive::kRunnerError);
  EXPECT_THAT(refused->detail, testing::HasSubstr("--allow-injection"));
}

TEST(Runner, EndsOnSigtermAtOnceWhenItIsIdle) {
  RunnerProcess runner;
  ASSERT_TRUE(runner.ask(simple_request()).ok());
  ::kill(runner.child().pid(), SIGTERM);
  EXPECT_EQ(end_of(runner).code, 0);
}

TEST(Runner, GivesTheResultOfAnInterruptedSlice) {
  RunnerProcess runner;
  ASSERT_TRUE(runner.ask(simple_request()).ok()) << "it is up";
  ASSERT_TRUE(runner.send(long_request()).ok());
  ASSERT_EQ(runner.receive(milliseconds{200}).error().code, ErrorCode::kTimeout);
  ::kill(runner.child().pid(), SIGTERM);
  const auto result = runner.receive(seconds{10});
  ASSERT_TRUE(result.ok()) << result.error().message;
  EXPECT_LT(result->took, seconds{10});
  EXPECT_EQ(result->units[0].result.outcome, Outcome::kMatch);
  EXPECT_EQ(end_of(runner).code, 0);
}

TEST(Runner, StopsWhenItsPeerHangsUp) {
  RunnerProcess runner;
  ASSERT_TRUE(runner.ask(simple_request()).ok());
  ASSERT_TRUE(runner.send(long_request()).ok());
  ASSERT_EQ(runner.receive(milliseconds{100}).error().code, ErrorCode::kTimeout);
  runner.hang_up();
  EXPECT_EQ(end_of(runner).code, 0);
}

TEST(Runner, TakesItselfDownWhenAHungProbeIsToldToStop) {
  RunnerProcess runner({"--allow-injection"});
  RunRequest request = simple_request();
  request.synthetic = Synthetic::kDrill;
  request.injection.shape = FaultShape::kHang;
  ASSERT_TRUE(runner.ask(simple_request()).ok());
  ASSERT_TRUE(runner.send(request).ok());
  ASSERT_EQ(runner.receive(milliseconds{200}).error().code, ErrorCode::kTimeout);
  runner.hang_up();
  EXPECT_EQ(end_of(runner).code, 70);
}

TEST(Runner, IsFirstToGoLeavesNoCoreAndRestsWhileItWaits) {
  RunnerProcess runner;
  ASSERT_TRUE(runner.ask(simple_request()).ok());
  const FsRoot root;
  const std::string folder = "/proc/" + std::to_string(runner.child().pid());
  EXPECT_EQ(root.text(folder + "/oom_score_adj"), "1000");
  EXPECT_EQ(root.text(folder + "/comm"), "assay-runner");
  rlimit core{};
  if (::prlimit(runner.child().pid(), RLIMIT_CORE, nullptr, &core) == 0) {
    EXPECT_EQ(core.rlim_cur, 0U);
  }
  ASSERT_EQ(runner.receive(milliseconds{200}).error().code, ErrorCode::kTimeout) << "time to settle down";
  const auto switches = [&] { return root.text(folder + "/schedstat").value_or(""); };
  const std::string before = switches();
  ASSERT_EQ(runner.receive(milliseconds{300}).error().code, ErrorCode::kTimeout);
  EXPECT_EQ(switches(), before) << "the main thread did not run once";
}

TEST(Runner, DiscoversOnDescriptorThreeAndOnStdout) {
  RunnerProcess runner({"--discover", "--node", "n9", "--synthetic-identity"});
  const auto frame = probes::read_frame(runner.socket());
  ASSERT_TRUE(frame.ok() && frame->has_value());
  const auto devices = probes::decode_devices(**frame);
  ASSERT_TRUE(devices.ok()) << devices.error().message;
  ASSERT_FALSE(devices->empty());
  EXPECT_THAT(devices->front().id, testing::StartsWith("cpu-n9-s"));
  const auto second = probes::read_frame(runner.socket());
  ASSERT_TRUE(second.ok() && second->has_value());
  const auto variants = probes::decode_variants(**second);
  ASSERT_TRUE(variants.ok()) << variants.error().message;
  for (const ProbeSpec& spec : probes::catalogue()) {
    const auto* best = probes::host::best_kernel(spec.ref.id);
    const auto first = std::find_if(variants->begin(), variants->end(), [&](const auto& offer) { return offer.probe == spec.ref.id && offer.runs(); });
    ASSERT_EQ(first == variants->end(), best == nullptr) << spec.ref.id;
    if (best == nullptr) continue;
    EXPECT_EQ(first->variant, to_string(best->variant)) << spec.ref.id << ": the strongest comes first";
    EXPECT_FALSE(first->silicon.empty()) << spec.ref.id;
  }
  EXPECT_EQ(end_of(runner).code, 0);

  const RunOutcome encoded = run_program({"--discover", "--encoded", "--node=n9", "--synthetic-identity"});
  EXPECT_EQ(encoded.status.code, 0);
  ASSERT_GT(encoded.standard_output.size(), 4U);
  EXPECT_THAT(encoded.standard_output.substr(4), testing::StartsWith(**frame));
  EXPECT_THAT(encoded.standard_output, testing::EndsWith(**second));
  EXPECT_THAT(run_program({"--discover", "--node=n9"}).standard_output, testing::HasSubstr("SOCKET"));
}

TEST(Runner, DiscoversNothingInAnEmptyTree) {
  const TempDir empty;
  EXPECT_EQ(run_program({"--discover", "--fs-root", empty.path().string()}).status.code, 2);
}

TEST(Runner, ListsProbesAndTestsItself) {
  const RunOutcome listed = run_program({"--list"});
  EXPECT_EQ(listed.status.code, 0);
  const RunOutcome tested = run_program({"--self-test", "--priority=normal", "--goldens", golden_folder().string()});
  // A probe that this build or this CPU cannot run leaves the test undecided.
  const bool all_run = std::ranges::all_of(probes::catalogue(), [](const ProbeSpec& spec) { return probes::host::best_kernel(spec.ref.id) != nullptr; });
  EXPECT_EQ(tested.status.code, all_run ? 0 : 2) << tested.standard_output;
  for (const ProbeSpec& spec : probes::catalogue()) {
    EXPECT_THAT(listed.standard_output, testing::HasSubstr(to_string(spec.ref)));
    EXPECT_THAT(tested.standard_output, testing::HasSubstr(to_string(spec.ref)));
  }
}

TEST(Runner, SaysWhatIsWrongWithItsArguments) {
  EXPECT_EQ(run_program({"--bogus"}).status.code, 64);
  EXPECT_THAT(run_program({"--bogus"}).standard_error, testing::HasSubstr("--bogus"));
  EXPECT_EQ(run_program({}).status.code, 64) << "descriptor 3 is not open";
  EXPECT_EQ(run_program({"--self-test", "--goldens", "/nonexistent"}).status.code, 69);
  EXPECT_EQ(run_program({"--help"}).status.code, 0);
  EXPECT_THAT(run_program({"--version"}).standard_output, testing::StartsWith("assay-probe-runner "));
}

}  // namespace
}  // namespace assay::test
