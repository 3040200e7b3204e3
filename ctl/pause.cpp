// SPDX-License-Identifier: Apache-2.0
#include "ctl/pause.h"

#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>

#include <algorithm>

namespace assay::ctl {

bool SignalPause::wait(Duration length) {
  if (!signals_.valid()) {
    sigset_t set;
    ::sigemptyset(&set);
    ::sigaddset(&set, SIGINT);
    ::sigaddset(&set, SIGTERM);
    ::sigprocmask(SIG_BLOCK, &set, nullptr);
    signals_ = UniqueFd(::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
  }
  if (stopped_) return false;
  const MonoTime until = BootClock::now() + length;
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - BootClock::now()).count();
    pollfd waiting{signals_.get(), POLLIN, 0};
    const int ready = ::poll(&waiting, 1, static_cast<int>(std::clamp<int64_t>(left, 0, 60'000)));
    if (ready > 0) {
      stopped_ = true;
      return false;
    }
    if (left <= 0) return true;
  }
}

}  // namespace assay::ctl
