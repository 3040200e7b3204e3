// SPDX-License-Identifier: Apache-2.0
// A real runner (or the fake one) as a child of a test, spoken to over its socket.
#pragma once

#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "common/base/file.h"
#include "common/base/subprocess.h"
#include "probes/runner/protocol.h"
#include "tests/support/golden_folder.h"
#include "tests/support/sanitized.h"

namespace assay::test {

inline std::filesystem::path program(std::string_view name) {
  const char* folder = std::getenv("ASSAY_BIN_DIR");
  return std::filesystem::path(folder == nullptr ? "." : folder) / name;
}

class RunnerProcess {
 public:
  // Starts the program with normal priority added, so that tests do not wait for an idle machine. Stderr goes to `errors`, or nowhere.
  explicit RunnerProcess(std::vector<std::string> arguments = {}, std::string_view name = "assay-probe-runner", int errors = -1,
                         std::vector<std::string> environment = {}) {
    std::array<int, 2> ends{};
    ASSAY_CHECK(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) == 0);
    socket_ = UniqueFd(ends[0]);
    const UniqueFd theirs(ends[1]);
    SpawnOptions options;
    options.program = program(name);
    options.arguments = std::move(arguments);
    options.arguments.emplace_back("--priority=normal");
    options.environment = std::move(environment);
    options.descriptors = {-1, -1, errors, theirs.get()};
    auto child = Child::spawn(options);
    if (!child) ADD_FAILURE() << child.error().message;
    if (child) child_.emplace(std::move(*child));
  }

  int socket() const { return socket_.get(); }
  Child& child() { return *child_; }
  void hang_up() { socket_.reset(); }
  Status send(const probes::RunRequest& request) { return probes::write_frame(socket_.get(), encode(request)); }

  // Runners compute at idle priority, so they wait for whatever else the machine does, and sanitized ones take longer on top.
  static constexpr std::chrono::seconds kPatience{kSanitized ? 180 : 30};

  // The next answer; an error when none came in time or it is none.
  Result<probes::RunResult> receive(std::chrono::milliseconds patience = kPatience) {
    pollfd waiting{socket_.get(), POLLIN, 0};
    if (::poll(&waiting, 1, static_cast<int>(patience.count())) <= 0) return make_error(ErrorCode::kTimeout, "no answer");
    const auto frame = TRY(probes::read_frame(socket_.get()));
    if (!frame) return make_error(ErrorCode::kUnavailable, "end of file");
    return probes::decode_result(*frame);
  }
  Result<probes::RunResult> ask(const probes::RunRequest& request) {
    TRY(send(request));
    return receive();
  }

  // How it ended; absent when it still runs after `patience`.
  std::optional<ExitStatus> wait(std::chrono::milliseconds patience = kPatience) {
    pollfd waiting{child_->pidfd(), POLLIN, 0};
    [[maybe_unused]] const int ready = ::poll(&waiting, 1, static_cast<int>(patience.count()));
    return child_->poll();
  }

 private:
  UniqueFd socket_;
  std::optional<Child> child_;
};

}  // namespace assay::test
