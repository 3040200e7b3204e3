// SPDX-License-Identifier: Apache-2.0
// Owns the runner process of one device: starts it, gives it one request at a time, and ends it at its deadline. A hang, a crash and
// nonsense are results, never outages.
#pragma once

#include <poll.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "agent/core/slice.h"
#include "common/base/clock.h"
#include "common/base/fs_root.h"
#include "common/base/result.h"
#include "common/base/subprocess.h"
#include "probes/runner/protocol.h"

namespace assay::agent {

struct RunnerOptions {
  std::filesystem::path program;
  std::vector<std::string> arguments;
  Duration margin{std::chrono::seconds{5}};     // over the budget of a slice without progress: a hang
  Duration longest{std::chrono::seconds{60}};   // over the budget, for a runner that waits for its core
  bool measures_host = false;                   // fill SliceResult::host: for accelerators, whose units are no cores
};

struct RunnerFacts {
  uint64_t starts = 0;
  uint64_t hangs = 0;
  uint64_t crashes = 0;
  uint64_t errors = 0;     // could not be started, or spoke nonsense
};

// Never blocks, but for at most 100 ms to reap what it killed. One owner, the thread with the poll loop: poll what descriptors() asks for, and
// call advance() when one is ready or wake_at() has come.
//
// A runner computes at idle priority, so on a busy machine it may wait long for its core. Whether it hangs or waits is told apart by the
// scheduler's own figures (/proc/PID/task/TID/schedstat: nanoseconds on a CPU, and nanoseconds runnable without one; the second is only
// brought up to date when the thread gets its CPU, so a thread that is runnable and did not run counts as waiting too).
class RunnerDriver {
 public:
  RunnerDriver(RunnerOptions options, FsRoot root);

  // Whether a request can be given now: none is out, and no pause after a failure is running.
  bool ready(MonoTime now) const { return !order_ && now >= pause_until_ && lingering_.empty(); }
  bool busy() const { return order_.has_value(); }
  // Starts the process if there is none and sends the request; a failure shows as the result that advance() then gives.
  void start(const SliceOrder& order, const probes::RunRequest& request, Instant now);

  // Appends what to poll.
  void descriptors(std::vector<pollfd>& into) const;
  // When to call advance() though nothing is ready; MonoTime::max() for never.
  MonoTime wake_at() const;
  // Reads, judges deadlines; the result of the order that is out, once.
  std::optional<SliceResult> advance(Instant now);

  // Ends the process when it is idle; the next order starts a new one. For options that changed, goldens that were replaced, memory.
  void retire();
  // Kills at once; the order that is out is forgotten.
  void stop();
  void reconfigure(RunnerOptions options);
  const RunnerFacts& facts() const { return facts_; }
  // Of the process, while there is one.
  std::optional<pid_t> pid() const { return child_ ? std::optional(child_->pid()) : std::nullopt; }

 private:
  Status spawn();
  bool flush();
  bool read_some();
  std::optional<std::string> take_frame();
  std::optional<SliceResult> finish(SliceResult result);
  std::optional<SliceResult> fail(Inconclusive reason, Instant now);
  std::optional<SliceResult> judge_deadline(Instant now);
  std::optional<SliceResult> decode(const std::string& frame, Instant now);
  struct ThreadTimes {
    uint64_t ran_ns = 0;
    uint64_t waited_ns = 0;
    bool runnable = false;
  };
  std::map<std::string, ThreadTimes> thread_times() const;
  // Time that the runner's main thread, which serves the accelerator, was on a core; of a process that is gone zero.
  Duration host_time() const;
  // Whether some thread of the runner spent at least half of the window, which began at times_before_, waiting for its CPU.
  bool starved_for(Duration window) const;
  void end_process();

  RunnerOptions options_;
  FsRoot root_;
  std::optional<Child> child_;
  std::vector<Child> lingering_;        // killed, not yet reaped
  UniqueFd socket_;
  std::string outgoing_;
  std::string incoming_;
  std::optional<SliceOrder> order_;
  bool had_goldens_ = false;
  Instant started_;
  Duration host_before_{};
  MonoTime deadline_;
  std::optional<std::map<std::string, ThreadTimes>> times_before_;   // by thread, at the first deadline
  MonoTime pause_until_;
  uint32_t failures_in_a_row_ = 0;
  bool retire_when_idle_ = false;
  bool broken_ = false;                 // could not be started, or the socket broke: tell at the next advance()
  RunnerFacts facts_;
};

// What a runner's answer says about an order, checked: kRunnerError when it is not an answer to it; a unit that claims a match without a run or
// without a golden is made inconclusive.
SliceResult checked_result(const SliceOrder& order, const probes::RunResult& result, bool had_goldens, WallTime started, Duration elapsed);

}  // namespace assay::agent
