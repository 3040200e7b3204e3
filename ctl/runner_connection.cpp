// SPDX-License-Identifier: Apache-2.0
#include "ctl/runner_connection.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "common/model/limits.h"

namespace assay::ctl {
namespace {

constexpr std::chrono::seconds kReapTime{2};
constexpr int kEndingMs = 2000;

}  // namespace

Result<RunnerConnection> RunnerConnection::start(const std::filesystem::path& runner, std::vector<std::string> arguments, int standard_error) {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) return errno_error(errno, "socketpair");
  UniqueFd ours(ends[0]);
  const UniqueFd theirs(ends[1]);
  // Once an answer has begun to arrive it is whole within moments: a runner that stalls in the middle must not hold us.
  const timeval stall{5, 0};
  ::setsockopt(ours.get(), SOL_SOCKET, SO_RCVTIMEO, &stall, sizeof stall);
  SpawnOptions spawn;
  spawn.program = runner;
  spawn.arguments = std::move(arguments);
  spawn.environment = probes::runner_environment();
  spawn.descriptors = {-1, -1, standard_error, theirs.get()};
  return RunnerConnection(TRY(Child::spawn(spawn)), std::move(ours));
}

std::optional<std::string> RunnerConnection::receive(MonoTime deadline) {
  pollfd waiting{socket_.get(), POLLIN, 0};
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - BootClock::now()).count();
  if (::poll(&waiting, 1, static_cast<int>(std::clamp<int64_t>(left, 1, 600'000))) <= 0) {
    ended("it did not answer in time and was killed", Inconclusive::kHang);
    return std::nullopt;
  }
  auto frame = probes::read_frame(socket_.get());
  if (frame.ok() && frame->has_value()) return *std::move(frame);
  pollfd ending{child_.pidfd(), POLLIN, 0};
  if (::poll(&ending, 1, kEndingMs) <= 0) {
    ended("it closed its connection and did not end", Inconclusive::kHang);
  } else if (const auto status = child_.poll()) {
    ended("it ended by " + to_string(*status), status->signal ? Inconclusive::kCrash : Inconclusive::kRunnerError);
  }
  return std::nullopt;
}

Result<RunnerAnswer> RunnerConnection::ask(const probes::RunRequest& request, MonoTime deadline) {
  const std::string bytes = probes::encode(request);
  if (bytes.size() > limits::kRunnerFrameBytes) return make_error(ErrorCode::kLimit, "the request is larger than the runner takes");
  std::optional<std::string> frame;
  if (probes::write_frame(socket_.get(), bytes).ok()) frame = receive(deadline);
  RunnerAnswer answer;
  if (!frame) {
    answer.detail = how_it_ended_;
    answer.reason = reason_;
    return answer;
  }
  auto result = probes::decode_result(*frame);
  if (result && (result->id != request.id || result->synthetic != request.synthetic)) result = make_error(ErrorCode::kCorrupt, "it answers another request");
  if (result) {
    answer.result = std::move(result).value();
  } else {
    ended("it spoke nonsense", Inconclusive::kRunnerError);
    answer.reason = Inconclusive::kRunnerError;
    answer.detail = result.error().message;
  }
  return answer;
}

void RunnerConnection::ended(std::string how, Inconclusive reason) {
  how_it_ended_ = std::move(how);
  reason_ = reason;
  child_.kill_and_reap(kReapTime);
}

}  // namespace assay::ctl
