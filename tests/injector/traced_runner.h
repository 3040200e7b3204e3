// SPDX-License-Identifier: Apache-2.0
// A runner under ptrace: started traced, so that no privilege is needed, followed through its threads, stopped at any instant.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "common/base/clock.h"
#include "common/base/file.h"
#include "common/base/result.h"
#include "probes/runner/protocol.h"
#include "tests/injector/fate.h"

namespace assay::injector {

// The destructor kills the runner and reaps it. SIGCHLD of the process is taken (blocked). One owner, one thread, one traced runner at a time: it
// waits for any child.
class TracedRunner {
 public:
  // kPermission when ptrace is not allowed here.
  static Result<std::unique_ptr<TracedRunner>> start(const std::filesystem::path& runner);
  TracedRunner(const TracedRunner&) = delete;
  TracedRunner& operator=(const TracedRunner&) = delete;
  ~TracedRunner();

  Status send(const probes::RunRequest& request);
  // Lets it run until the time, its answer or its end. False when the time came first; then how() has nothing yet.
  bool run_until(MonoTime time);
  const Ending& how() const { return ending_; }

  // The thread that computes ("probe-N"), else the main thread.
  pid_t thread_to_stop() const;
  // Stops a thread where it is. False when it has ended meanwhile.
  bool stop(pid_t thread);
  void resume(pid_t thread);

  pid_t pid() const { return pid_; }
  // /proc/PID/mem, /proc/PID/maps and /proc/PID/pagemap, opened before the runner closed itself to others.
  int memory() const { return memory_.get(); }
  int maps() const { return maps_.get(); }
  int pagemap() const { return pagemap_.get(); }

 private:
  TracedRunner(pid_t pid, UniqueFd socket, UniqueFd signals);
  Status follow_exec();
  // Takes every event that is there.
  void take_events();
  void take_event(pid_t thread, int status);
  void wait_for_something(MonoTime until);

  pid_t pid_;
  UniqueFd socket_;
  UniqueFd signals_;
  UniqueFd memory_;
  UniqueFd maps_;
  UniqueFd pagemap_;
  std::set<pid_t> threads_;
  pid_t wanted_ = 0;        // to be left stopped
  bool stopped_ = false;
  bool executed_ = false;
  bool gone_ = false;
  Ending ending_;
};

}  // namespace assay::injector
