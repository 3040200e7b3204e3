// SPDX-License-Identifier: Apache-2.0
// Child processes without a shell: each in its own process group, killed as a group, never outliving its deadline.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "common/base/clock.h"
#include "common/base/file.h"
#include "common/base/result.h"

namespace assay {

struct SpawnOptions {
  std::filesystem::path program;            // absolute; PATH is not searched
  std::vector<std::string> arguments;       // without argv[0]
  std::vector<std::string> environment;     // "NAME=value"; the child gets these and nothing else
  // Descriptors given to the child: [i] becomes i in the child; -1 means /dev/null. 0, 1, 2 are standard. It gets no others.
  std::vector<int> descriptors;
  bool die_with_parent = true;              // SIGKILL to the child when the spawning thread's process dies
};

// How a child ended: exactly one of the two is set.
struct ExitStatus {
  std::optional<int> code;
  std::optional<int> signal;
  bool success() const { return code == 0; }
};
// "exit code 3" or "signal 9 (Killed)".
std::string to_string(const ExitStatus& status);

// A running child and its process group. The destructor kills the group and reaps the child. One owner, one thread.
class Child {
 public:
  static Result<Child> spawn(const SpawnOptions& options);
  Child(Child&& other) noexcept;
  Child& operator=(Child&& other) noexcept;
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child();

  pid_t pid() const { return pid_; }
  // Readable (poll) when the child has ended; -1 after reaping.
  int pidfd() const { return pidfd_.get(); }
  // Without blocking: the status once the child has ended, absent while it runs. Idempotent.
  std::optional<ExitStatus> poll();
  // Sends a signal to the whole group; harmless after the end.
  void kill_group(int signal);
  // SIGKILLs the group and reaps. A child stuck in an uninterruptible call is left to a later reap after `patience`;
  // false then.
  bool kill_and_reap(Duration patience);

 private:
  Child(pid_t pid, UniqueFd pidfd);
  pid_t pid_ = -1;
  UniqueFd pidfd_;
  std::optional<ExitStatus> status_;
};

// One bounded run: input on stdin, output captured, killed at the deadline.
struct RunOptions {
  SpawnOptions spawn;                 // descriptors are ignored
  std::string input;
  Duration deadline{};                // from the start
  size_t max_output_bytes = 64 * 1024;  // of stdout and of stderr; what is over is read and dropped
  int cancel_fd = -1;                 // when readable, the child is killed at once: a daemon that must stop now
};
struct RunOutcome {
  ExitStatus status;
  bool timed_out = false;
  bool cancelled = false;
  std::string standard_output;
  std::string standard_error;
  Duration took{};
};
// Blocks the calling thread until the child has ended or was killed. An error only when it could not be started.
Result<RunOutcome> run_process(const RunOptions& options);

}  // namespace assay
