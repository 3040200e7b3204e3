// SPDX-License-Identifier: Apache-2.0
#include "probes/runner/stop_watch.h"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <string_view>

#include "common/base/log.h"
#include "probes/runner/exit_codes.h"

namespace assay::probes {
namespace {

void raise_event(const UniqueFd& event) {
  const uint64_t one = 1;
  [[maybe_unused]] const Status ignored = write_all(event.get(), std::string_view(reinterpret_cast<const char*>(&one), sizeof one));
}

// Waits for any of the descriptors; -1 for ever.
template <size_t N>
void wait_for(std::array<pollfd, N>& descriptors, int timeout_ms) {
  while (::poll(descriptors.data(), descriptors.size(), timeout_ms) < 0 && errno == EINTR) {
  }
}

}  // namespace

Result<std::unique_ptr<StopWatch>> StopWatch::start(int peer) {
  sigset_t signals;
  ::sigemptyset(&signals);
  ::sigaddset(&signals, SIGTERM);
  ::sigaddset(&signals, SIGINT);
  if (const int problem = ::pthread_sigmask(SIG_BLOCK, &signals, nullptr)) return errno_error(problem, "signal mask");
  UniqueFd signal_fd(::signalfd(-1, &signals, SFD_CLOEXEC));
  UniqueFd announced(::eventfd(0, EFD_CLOEXEC));
  UniqueFd quit(::eventfd(0, EFD_CLOEXEC));
  if (!signal_fd.valid() || !announced.valid() || !quit.valid()) return errno_error(errno, "signal descriptor");
  return std::unique_ptr<StopWatch>(new StopWatch(peer, std::move(signal_fd), std::move(announced), std::move(quit)));
}

StopWatch::StopWatch(int peer, UniqueFd signals, UniqueFd announced, UniqueFd quit)
    : peer_(peer), signals_(std::move(signals)), announced_(std::move(announced)), quit_(std::move(quit)) {
  thread_ = std::thread([this] { watch(); });
}

StopWatch::~StopWatch() {
  raise_event(quit_);
  thread_.join();
}

void StopWatch::watch() {
  // A peer that only closed its sending half still wants the result: wait for the full hang-up, which needs no event asked for.
  std::array<pollfd, 3> reasons{pollfd{quit_.get(), POLLIN, 0}, pollfd{signals_.get(), POLLIN, 0}, pollfd{peer_, 0, 0}};
  wait_for(reasons, -1);
  if (reasons[0].revents != 0) return;
  stopped_ = true;
  raise_event(announced_);
  std::array<pollfd, 1> done{pollfd{quit_.get(), POLLIN, 0}};
  wait_for(done, static_cast<int>(std::chrono::milliseconds(kGrace).count()));
  if (done[0].revents != 0) return;
  log::error("runner: told to stop, and the probe did not come back: ending the process");
  ::_exit(kExitStuck);
}

}  // namespace assay::probes
