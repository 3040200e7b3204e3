// SPDX-License-Identifier: Apache-2.0
#include <signal.h>
#include <sys/stat.h>

#include <condition_variable>
#include <fstream>
#include <mutex>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "collector/hooks/hook_executor.h"
#include "collector/hooks/hook_program.h"
#include "collector/hooks/hook_task.h"
#include "common/base/file.h"
#include "tests/support/temp_dir.h"
#include "tests/unit/collector/eventually.h"

namespace assay::collector {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class Hooks : public ::testing::Test {
 protected:
  Hooks() {
    ::signal(SIGPIPE, SIG_IGN);   // as the collector does
    ::chmod(dir_.path().c_str(), 0755);
    settings_.directory = dir_.path();
    settings_.timeout = seconds{10};
    settings_.first_retry = milliseconds{10};
  }

  std::filesystem::path script(const std::string& name, const std::string& text, unsigned mode = 0755) {
    const std::filesystem::path path = dir_ / name;
    std::ofstream(path) << "#!/bin/sh\n" << text << "\n";
    ::chmod(path.c_str(), mode);
    return path;
  }

  HookTask task(uint64_t decision = 7) const {
    HookTask task;
    task.decision = decision;
    task.action = "drain";
    task.node = "node-1";
    task.device_id = "cpu-node-1-s0";
    task.incident_id = "inc-1";
    task.probe = "gemm.fp64.grid/1";
    task.unit = 3;
    task.verdict = "confirmed_unit";
    task.reason = "two \"bad\"\nlines";
    task.at = from_unix_ms(1'800'000'000'000);
    return task;
  }

  std::string content(const std::string& name) const { return read_file(dir_ / name, 1 << 20).ok() ? *read_file(dir_ / name, 1 << 20) : ""; }

  test::TempDir dir_;
  HookSettings settings_;
};

TEST_F(Hooks, ProgramMustBeAllowListedAndOursAlone) {
  const auto good = script("good", "exit 0");
  EXPECT_TRUE(check_hook_program(good, dir_.path()).ok());
  EXPECT_TRUE(check_hook_program(good, dir_.path() / "").ok());
  EXPECT_EQ(check_hook_program(dir_ / "none", dir_.path()).error().code, ErrorCode::kNotFound);
  EXPECT_FALSE(check_hook_program("good", dir_.path()).ok());
  EXPECT_FALSE(check_hook_program("/bin/true", dir_.path()).ok());
  EXPECT_FALSE(check_hook_program(dir_.path() / "../" / dir_.path().filename() / "sub/good", dir_.path()).ok());
  EXPECT_FALSE(check_hook_program(script("plain", "exit 0", 0644), dir_.path()).ok());
  EXPECT_FALSE(check_hook_program(script("open", "exit 0", 0757), dir_.path()).ok());
  EXPECT_FALSE(check_hook_program(script("group", "exit 0", 0775), dir_.path()).ok());
  std::filesystem::create_symlink(good, dir_ / "link");
  EXPECT_FALSE(check_hook_program(dir_ / "link", dir_.path()).ok());
  ::chmod(dir_.path().c_str(), 0777);
  EXPECT_FALSE(check_hook_program(good, dir_.path()).ok());
}

TEST_F(Hooks, GetJsonOnStdinAndNothingElse) {
  settings_.drain = script("drain", "/bin/cat > " + (dir_ / "in").string() + "\n/usr/bin/env > " + (dir_ / "env").string() + "\necho first\necho drained node-1");
  const HookAttempt attempt = run_hook(settings_, task(), -1);
  EXPECT_TRUE(attempt.success) << attempt.detail;
  EXPECT_EQ(attempt.exit_code, 0);
  EXPECT_EQ(attempt.detail, "drained node-1");
  const auto input = nlohmann::json::parse(content("in"), nullptr, false);
  ASSERT_FALSE(input.is_discarded());
  EXPECT_EQ(input["key"], "decision-7");
  EXPECT_EQ(input["unit"], 3);
  EXPECT_EQ(input["reason"], "two \"bad\"\nlines");
  EXPECT_EQ(input["synthetic"], false);
  EXPECT_EQ(input["at_unix_ms"], 1'800'000'000'000);
  EXPECT_NE(content("env").find("ASSAY_IDEMPOTENCY_KEY=decision-7"), std::string::npos);
  EXPECT_NE(content("env").find("PATH="), std::string::npos);
  EXPECT_EQ(content("env").find("HOME="), std::string::npos);
}

TEST_F(Hooks, TellWhyTheyFailed) {
  settings_.drain = script("drain", "echo it is broken >&2; exit 3");
  const HookAttempt attempt = run_hook(settings_, task(), -1);
  EXPECT_FALSE(attempt.success);
  EXPECT_EQ(attempt.exit_code, 3);
  EXPECT_EQ(attempt.detail, "exit code 3: it is broken");
}

TEST_F(Hooks, AreKilledAtTheTimeoutWithTheirChildren) {
  settings_.drain = script("drain", "/bin/sleep 60 & /bin/sleep 60");
  settings_.timeout = milliseconds{200};
  const HookAttempt attempt = run_hook(settings_, task(), -1);
  EXPECT_FALSE(attempt.success);
  EXPECT_FALSE(attempt.exit_code.has_value());
  EXPECT_EQ(attempt.detail, "killed after 200 ms");
}

TEST_F(Hooks, MayTalkTooMuchAndNeedNotReadTheirInput) {
  settings_.drain = script("drain", "exec 0<&-; i=0; while [ $i -lt 3000 ]; do echo 0123456789012345678901234567890123456789; i=$((i+1)); done");
  const HookAttempt attempt = run_hook(settings_, task(), -1);
  EXPECT_TRUE(attempt.success) << attempt.detail;
  EXPECT_LE(attempt.detail.size(), 200U);
}

TEST_F(Hooks, AreCheckedAgainBeforeEachRun) {
  settings_.drain = script("drain", "exit 0");
  ::chmod(settings_.drain.c_str(), 0777);
  const HookAttempt attempt = run_hook(settings_, task(), -1);
  EXPECT_FALSE(attempt.success);
  EXPECT_NE(attempt.detail.find("writable by others"), std::string::npos);
}

TEST_F(Hooks, DrillsAndRealDecisionsNeverShareAProgram) {
  settings_.drain = script("drain", "touch " + (dir_ / "real").string());
  settings_.drill_drain = script("drill", "touch " + (dir_ / "drilled").string());
  HookTask drill = task();
  drill.synthetic = true;
  EXPECT_TRUE(run_hook(settings_, drill, -1).success);
  EXPECT_FALSE(std::filesystem::exists(dir_ / "real"));
  EXPECT_TRUE(std::filesystem::exists(dir_ / "drilled"));
  settings_.drill_drain.clear();
  EXPECT_FALSE(run_hook(settings_, drill, -1).success);
  EXPECT_FALSE(std::filesystem::exists(dir_ / "real"));
}

TEST(HookRetry, WaitsFiveTimesLongerEachTimeButNotForever) {
  HookSettings settings;
  EXPECT_EQ(hook_retry_delay(settings, 1), seconds{1});
  EXPECT_EQ(hook_retry_delay(settings, 2), seconds{5});
  EXPECT_EQ(hook_retry_delay(settings, 4), seconds{125});
  EXPECT_EQ(hook_retry_delay(settings, 100), std::chrono::minutes{10});
}

// Gathers what the executor delivers.
class Results {
 public:
  HookExecutor::Deliver deliver() {
    return [this](const HookFinished& finished) {
      const std::lock_guard lock(mutex_);
      results_.push_back(finished);
      changed_.notify_all();
    };
  }
  std::vector<HookFinished> wait_for(size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, seconds{20}, [&] { return results_.size() >= count; });
    return results_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<HookFinished> results_;
};

TEST_F(Hooks, ExecutorRetriesUntilItWorks) {
  settings_.drain = script("drain", "n=" + (dir_ / "n").string() + "; echo x >> $n; [ $(/usr/bin/wc -l < $n) -ge 3 ]");
  Results results;
  const auto executor = HookExecutor::start(settings_, results.deliver());
  ASSERT_TRUE(executor.ok());
  (*executor)->submit(task());
  const auto all = results.wait_for(3);
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[0].status, HookStatus::kPending);
  EXPECT_EQ(all[0].attempts, 1U);
  EXPECT_EQ(all[2].status, HookStatus::kDone);
  EXPECT_EQ(all[2].attempts, 3U);
  EXPECT_EQ(all[2].exit_code, 0);
}

TEST_F(Hooks, ExecutorGivesUpAfterFiveAttemptsInAll) {
  settings_.drain = script("drain", "exit 1");
  Results results;
  const auto executor = HookExecutor::start(settings_, results.deliver());
  ASSERT_TRUE(executor.ok());
  HookTask resumed = task();
  resumed.attempts = 3;   // made before a restart
  (*executor)->submit(resumed);
  const auto all = results.wait_for(2);
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].status, HookStatus::kPending);
  EXPECT_EQ(all[1].status, HookStatus::kFailed);
  EXPECT_EQ(all[1].attempts, kHookAttempts);
}

TEST_F(Hooks, ExecutorKeepsTheOrderOfOneNode) {
  settings_.first_retry = milliseconds{300};
  settings_.drain = script("drain", "k=$ASSAY_IDEMPOTENCY_KEY; echo $k >> " + (dir_ / "order").string() + "; [ $k != decision-1 ] || [ $(/usr/bin/grep -c decision-1$ " +
                                        (dir_ / "order").string() + ") -ge 2 ]");
  Results results;
  const auto executor = HookExecutor::start(settings_, results.deliver());
  ASSERT_TRUE(executor.ok());
  HookTask other = task(3);
  other.node = "node-2";
  (*executor)->submit(task(1));
  (*executor)->submit(task(2));
  (*executor)->submit(other);
  (*executor)->submit(task(2));   // known already
  ASSERT_EQ(results.wait_for(4).size(), 4U);
  EXPECT_EQ(content("order"), "decision-1\ndecision-3\ndecision-1\ndecision-2\n");
}

TEST_F(Hooks, ExecutorStopsAtOnce) {
  settings_.drain = script("drain", "touch " + (dir_ / "begun").string() + "; /bin/sleep 60");
  settings_.timeout = seconds{60};
  Results results;
  auto executor = HookExecutor::start(settings_, results.deliver());
  ASSERT_TRUE(executor.ok());
  (*executor)->submit(task());
  EXPECT_TRUE(eventually([&] { return std::filesystem::exists(dir_ / "begun"); }));
  const MonoTime asked = BootClock::now();
  (*executor)->stop();
  EXPECT_LT(BootClock::now() - asked, seconds{5});
  EXPECT_TRUE(results.wait_for(0).empty());   // cut short: the store still says pending
}

}  // namespace
}  // namespace assay::collector
