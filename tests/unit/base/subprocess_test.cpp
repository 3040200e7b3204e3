// SPDX-License-Identifier: Apache-2.0
#include "common/base/subprocess.h"

#include <signal.h>
#include <unistd.h>

#include "common/base/parse.h"

namespace assay {
namespace {

using namespace std::chrono_literals;

RunOptions shell(std::string script, Duration deadline = 10s) {
  RunOptions options;
  options.spawn = {.program = "/bin/sh", .arguments = {"-c", std::move(script)}, .environment = {"PATH=/usr/bin:/bin"}, .descriptors = {}};
  options.deadline = deadline;
  return options;
}

TEST(Subprocess, FeedsInputAndCapturesBothOutputs) {
  RunOptions options = shell("cat; echo oops >&2; exit 3");
  options.input = std::string(200'000, 'x');
  options.max_output_bytes = 300'000;
  const auto outcome = run_process(options);
  ASSERT_TRUE(outcome.ok());
  EXPECT_EQ(outcome->status.code, 3);
  EXPECT_EQ(outcome->standard_output, options.input);
  EXPECT_EQ(outcome->standard_error, "oops\n");
}

TEST(Subprocess, OutputIsBoundedWithoutStallingTheChild) {
  RunOptions options = shell("head -c 1000000 /dev/zero");
  options.max_output_bytes = 10;
  const auto outcome = run_process(options);
  ASSERT_TRUE(outcome.ok());
  EXPECT_TRUE(outcome->status.success());
  EXPECT_EQ(outcome->standard_output.size(), 10U);
}

TEST(Subprocess, TheWholeGroupDiesAtTheDeadline) {
  const auto outcome = run_process(shell("sleep 1000 & echo $!; wait", 300ms));
  ASSERT_TRUE(outcome.ok());
  EXPECT_TRUE(outcome->timed_out);
  EXPECT_EQ(outcome->status.signal, SIGKILL);
  EXPECT_LT(outcome->took, 5s);
  const auto grandchild = parse_i64(trim(outcome->standard_output));
  ASSERT_TRUE(grandchild.ok());
  for (int i = 0; i < 200 && ::kill(static_cast<pid_t>(*grandchild), 0) == 0; ++i) {
    const timespec pause{0, 10'000'000};
    ::nanosleep(&pause, nullptr);
  }
  // A zombie waiting for init to reap it still answers to signal 0; it must at least not be running.
  std::string state = "gone";
  if (auto* file = std::fopen(("/proc/" + std::to_string(*grandchild) + "/stat").c_str(), "r")) {
    char letter = '?';
    if (std::fscanf(file, "%*d %*s %c", &letter) == 1) state = letter;
    std::fclose(file);
  }
  EXPECT_TRUE(state == "gone" || state == "Z") << state;
}

TEST(Subprocess, AMissingProgramIsAnErrorNotAnExitCode) {
  RunOptions options = shell("");
  options.spawn.program = "/no/such/program";
  const auto outcome = run_process(options);
  ASSERT_FALSE(outcome.ok());
  EXPECT_EQ(outcome.error().code, ErrorCode::kNotFound);
  EXPECT_NE(outcome.error().message.find("/no/such/program"), std::string::npos);
}

TEST(Subprocess, TheEnvironmentIsExactlyWhatWasGiven) {
  const auto outcome = run_process(shell("env | grep -v -e PWD -e SHLVL -e '^_='"));
  ASSERT_TRUE(outcome.ok());
  EXPECT_EQ(outcome->standard_output, "PATH=/usr/bin:/bin\n");
}

TEST(Subprocess, AChildGetsNoDescriptorThatItWasNotGiven) {
  const int leaked = ::dup(0);  // not close-on-exec, as a careless parent of ours leaves it
  const auto outcome = run_process(shell("ls /proc/self/fd | grep -c ."));
  ::close(leaked);
  ASSERT_TRUE(outcome.ok());
  EXPECT_EQ(outcome->standard_output, "4\n") << "standard input, output, error and the folder that ls reads";
}

TEST(Subprocess, AChildIsPolledAndKilled) {
  auto child = Child::spawn({.program = "/bin/sleep", .arguments = {"1000"}, .environment = {}, .descriptors = {-1, -1, -1}});
  ASSERT_TRUE(child.ok());
  EXPECT_FALSE(child->poll().has_value());
  EXPECT_TRUE(child->kill_and_reap(5s));
  EXPECT_EQ(child->poll()->signal, SIGKILL);
  EXPECT_EQ(to_string(*child->poll()), "signal 9 (Killed)");
}

}  // namespace
}  // namespace assay
