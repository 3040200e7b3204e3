// SPDX-License-Identifier: Apache-2.0
// One assay-probe-runner as a child, and our end of its socket. It may hang or die at any moment; that is an answer.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "common/base/clock.h"
#include "common/base/result.h"
#include "common/base/subprocess.h"
#include "probes/runner/protocol.h"

namespace assay::ctl {

// What a run gave: a result, or the way the runner died, which is an observation as well.
struct RunnerAnswer {
  std::optional<probes::RunResult> result;
  Inconclusive reason = Inconclusive::kNone;   // kHang, kCrash, kRunnerError when there is no result
  std::string detail;                          // "killed after 12.0 s"
};

// The destructor kills the runner. Not thread-safe.
class RunnerConnection {
 public:
  // `standard_error` is given to the runner; -1 for nowhere. The runner sees nothing of the user's environment.
  static Result<RunnerConnection> start(const std::filesystem::path& runner, std::vector<std::string> arguments, int standard_error);

  // One request, answered, or the runner's death, at the deadline at the latest. After an answer without a result the runner is gone.
  // kLimit when the request is larger than a frame.
  Result<RunnerAnswer> ask(const probes::RunRequest& request, MonoTime deadline);
  // One frame; absent when the runner died, hung or spoke nonsense: then how_it_ended() and reason() tell.
  std::optional<std::string> receive(MonoTime deadline);
  const std::string& how_it_ended() const { return how_it_ended_; }
  Inconclusive reason() const { return reason_; }

 private:
  RunnerConnection(Child child, UniqueFd socket) : child_(std::move(child)), socket_(std::move(socket)) {}
  void ended(std::string how, Inconclusive reason);

  Child child_;
  UniqueFd socket_;
  std::string how_it_ended_ = "it could not be asked";
  Inconclusive reason_ = Inconclusive::kRunnerError;
};

}  // namespace assay::ctl
