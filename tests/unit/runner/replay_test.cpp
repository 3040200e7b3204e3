// SPDX-License-Identifier: Apache-2.0
#include "probes/runner/replay.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>

#include <fmt/format.h>

#include "common/base/file.h"
#include "probes/backend/host/pinning.h"
#include "probes/runner/isolate.h"
#include "tests/support/temp_dir.h"

namespace assay::probes {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::HasSubstr;

class Replay : public testing::Test {
 protected:
  void SetUp() override { folder_ = std::filesystem::canonical(dir_.path()); }

  // A request for one run of the program on the first unit.
  RunRequest request_for(std::string_view text, uint32_t set = 0) {
    const auto program = folder_ / "replay";
    EXPECT_TRUE(write_file_atomic(program, text, 0755).ok());
    RunRequest request;
    request.id = 5;
    request.probe = {"user.test", 1};
    request.cpus = host::allowed_cpus();
    request.work = {{0, set}};
    request.max_runs = 1;
    request.budget = seconds{20};
    request.replay = ReplayProgram{program.string(), {}, seconds{20}, 16};
    return request;
  }
  static UnitResult run(const RunRequest& request, RunResult* whole = nullptr) {
    const RunResult result = run_replay(request, {.idle_priority = false, .trusted_owner = ::geteuid(), .cancel_fd = -1});
    if (whole != nullptr) *whole = result;
    EXPECT_EQ(result.id, request.id);
    EXPECT_EQ(result.units.size(), request.work.size());
    return result.units.at(0).result;
  }

  assay::test::TempDir dir_;
  std::filesystem::path folder_;
};

// A process that has ended and waits to be reaped by whoever inherited it runs no more.
bool is_running(pid_t pid) {
  const auto stat = read_file(fmt::format("/proc/{}/stat", pid), 4096);
  if (!stat.ok()) return false;
  const size_t name_end = stat->rfind(')');
  return name_end != std::string::npos && name_end + 2 < stat->size() && (*stat)[name_end + 2] != 'Z';
}

constexpr char kAnswer[] = R"(echo '{"digests":["7f83b1657ff1fc53b92dc18148a1d65d"]}')";

std::string script(std::string_view body) { return "#!/bin/sh\nread question\n" + std::string(body) + "\n"; }

TEST_F(Replay, AnAnswerIsARunWithoutAGolden) {
  const UnitResult unit = run(request_for(script(kAnswer)));
  EXPECT_EQ(unit.outcome, Outcome::kInconclusive);
  EXPECT_EQ(unit.reason, Inconclusive::kNoGolden);
  EXPECT_EQ(unit.runs, 1U);
  EXPECT_NE(unit.fold, Digest{});
  EXPECT_GT(unit.busy, Duration::zero());
}

TEST_F(Replay, RunsUntilItsRunsOrItsTimeAreUp) {
  RunRequest request = request_for(script(kAnswer));
  request.max_runs = 3;
  request.set_count = 2;
  EXPECT_EQ(run(request).runs, 3U);
  request.max_runs = 0;
  request.budget = milliseconds{300};
  const UnitResult unit = run(request);
  EXPECT_GE(unit.runs, 1U);
  EXPECT_EQ(unit.reason, Inconclusive::kNoGolden) << "the run that the end cut off is forgotten";
  RunRequest slow = request_for(script("sleep 10"));
  slow.budget = milliseconds{200};
  EXPECT_EQ(run(slow).reason, Inconclusive::kStopped) << "it had not its time: that is no hang";
}

TEST_F(Replay, WhatGoesWrongIsInconclusiveWithItsReason) {
  RunResult whole;
  EXPECT_EQ(run(request_for(script("exit 3")), &whole).reason, Inconclusive::kCrash);
  EXPECT_THAT(whole.detail, HasSubstr("exit code 3"));
  EXPECT_EQ(run(request_for(script("kill -SEGV $$"))).reason, Inconclusive::kCrash);
  EXPECT_EQ(run(request_for(script("echo nonsense")), &whole).reason, Inconclusive::kNotExecuted) << "its fault, not the runner's";
  EXPECT_THAT(whole.detail, HasSubstr("is no JSON object"));
  RunRequest endless = request_for(script("exec yes"));
  endless.replay->timeout = milliseconds{300};
  EXPECT_EQ(run(endless).reason, Inconclusive::kHang) << "and its output is bounded";
  EXPECT_EQ(run(request_for(script(R"(echo '{"inconclusive":"no licence"}')")), &whole).reason, Inconclusive::kNotExecuted);
  EXPECT_EQ(whole.detail, "unit 0: no licence");
}

// As the agent asks: the budget of the slice is the timeout of the run.
TEST_F(Replay, OneThatOverrunsATimeoutThatIsTheWholeBudgetHangs) {
  RunRequest request = request_for(script("sleep 10"));
  request.budget = request.replay->timeout = milliseconds{200};
  EXPECT_EQ(run(request).reason, Inconclusive::kHang);
}

TEST_F(Replay, OneThatEndsWithoutReadingTakesNobodyAlong) {
  const auto before = ::signal(SIGPIPE, SIG_IGN);  // as isolate_process() does
  RunResult whole;
  for (int i = 0; i < 20; ++i) EXPECT_EQ(run(request_for("#!/bin/sh\nexec 0<&-\nexit 3\n"), &whole).reason, Inconclusive::kCrash) << whole.detail;
  EXPECT_THAT(whole.detail, HasSubstr("exit code 3"));
  ::signal(SIGPIPE, before);
}

TEST_F(Replay, TheRunnerIgnoresBrokenPipes) {
  const pid_t child = ::fork();
  if (child == 0) {
    isolate_process();
    struct sigaction action{};
    ::sigaction(SIGPIPE, nullptr, &action);
    ::_exit(action.sa_handler == SIG_IGN ? 0 : 1);
  }
  int status = -1;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
}

TEST_F(Replay, NamesTheBuildOfItsProgram) {
  RunResult first;
  RunResult same;
  RunResult other;
  RunResult arguments;
  run(request_for(script(kAnswer)), &first);
  run(request_for(script(kAnswer)), &same);
  run(request_for(script(std::string(kAnswer) + " # another build")), &other);
  RunRequest with_arguments = request_for(script(kAnswer));
  with_arguments.replay->arguments = {"--fast"};
  run(with_arguments, &arguments);
  EXPECT_TRUE(first.variant.starts_with("build_")) << first.variant;
  EXPECT_TRUE(decode_result(encode(first)).ok()) << "it fits the protocol";
  EXPECT_EQ(first.variant, same.variant);
  EXPECT_NE(first.variant, other.variant);
  EXPECT_NE(first.variant, arguments.variant);
}

TEST_F(Replay, AProgramThatHangsIsKilledWithItsChildren) {
  RunRequest request = request_for(script("sleep 100 & echo $! > '" + (std::filesystem::canonical(dir_.path()) / "child").string() + "'; wait"));
  request.replay->timeout = milliseconds{500};
  const MonoTime begun = BootClock::now();
  EXPECT_EQ(run(request).reason, Inconclusive::kHang);
  EXPECT_LT(BootClock::now() - begun, seconds{10});
  const pid_t child = static_cast<pid_t>(std::strtol(read_file(folder_ / "child", 64).value().c_str(), nullptr, 10));
  ASSERT_GT(child, 0);
  for (int i = 0; i < 100 && is_running(child); ++i) ::poll(nullptr, 0, 20);
  EXPECT_FALSE(is_running(child));
}

TEST_F(Replay, RunsOnTheCpuOfItsUnitWithAnEmptyEnvironment) {
  RunRequest request = request_for(script("{ grep Cpus_allowed_list /proc/self/status; env; echo \"$question\"; } > '" + (folder_ / "seen").string() + "'\n" + kAnswer));
  request.work = {{static_cast<uint32_t>(request.cpus.size() - 1), 3}};
  EXPECT_EQ(run(request).runs, 1U);
  const std::string seen = read_file(folder_ / "seen", 65536).value();
  EXPECT_THAT(seen, HasSubstr(fmt::format("Cpus_allowed_list:\t{}\n", request.cpus.back())));
  EXPECT_THAT(seen, HasSubstr("LC_ALL=C"));
  EXPECT_THAT(seen, testing::Not(HasSubstr("HOME=")));
  EXPECT_THAT(seen, HasSubstr("\"operand_set\":3"));
}

TEST_F(Replay, AProgramThatOthersMayWriteIsNotRun) {
  const RunRequest request = request_for(script(std::string("touch '") + (folder_ / "ran").string() + "'; " + kAnswer));
  ASSERT_EQ(::chmod(request.replay->program.c_str(), 0777), 0);
  RunResult whole;
  EXPECT_EQ(run(request, &whole).reason, Inconclusive::kUnsupported);
  EXPECT_THAT(whole.detail, HasSubstr("can be written by others"));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "ran"));
}

TEST_F(Replay, FaultsAreNotPlantedIntoIt) {
  RunRequest request = request_for(script(kAnswer));
  request.synthetic = Synthetic::kControl;
  EXPECT_EQ(run(request).reason, Inconclusive::kRunnerError);
}

// The program of docs/probes/user-replays.md, as a reader would copy it.
std::string documented_example() {
  const char* source = std::getenv("ASSAY_SOURCE_DIR");
  const std::string page = read_file(std::filesystem::path(source == nullptr ? "." : source) / "docs/probes/user-replays.md", 1 << 20).value();
  const size_t begin = page.find("```python\n") + 10;
  return page.substr(begin, page.find("```", begin) - begin);
}

TEST_F(Replay, TheExampleOfTheDocumentationWorks) {
  if (::access("/usr/bin/python3", X_OK) != 0) GTEST_SKIP() << "no /usr/bin/python3";
  RunResult whole;
  RunRequest request = request_for(documented_example(), 3);
  request.cpus.resize(1);
  request.cpus.push_back(request.cpus[0]);
  request.work = {{0, 3}, {1, 3}};
  const UnitResult first = run(request, &whole);
  ASSERT_EQ(first.runs, 1U) << whole.detail;
  EXPECT_EQ(whole.units[1].result.fold, first.fold) << "the same bits wherever it runs";
  const UnitResult other = run(request_for(documented_example(), 4));
  EXPECT_NE(other.fold, first.fold);
}

}  // namespace
}  // namespace assay::probes
