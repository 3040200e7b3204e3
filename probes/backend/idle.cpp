// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/idle.h"

#include <poll.h>
#include <time.h>

#include <algorithm>
#include <cerrno>

namespace assay::probes {
namespace {

constexpr Duration kNap = std::chrono::milliseconds{2};  // between two looks whether to stop, without a descriptor

timespec to_timespec(Duration duration) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(duration);
  return {seconds.count(), (duration - seconds).count()};
}

}  // namespace

void idle_until(MonoTime until, const std::atomic<bool>& stop, int stop_descriptor) {
  pollfd stopping{stop_descriptor, POLLIN, 0};  // poll() passes over negative ones
  const Duration nap = stop_descriptor < 0 ? kNap : Duration::max();
  for (MonoTime now = BootClock::now(); now < until && !stop.load(std::memory_order_relaxed); now = BootClock::now()) {
    const timespec left = to_timespec(std::min(until - now, nap));
    if (::ppoll(&stopping, 1, &left, nullptr) < 0 && errno != EINTR) return;
    if (stopping.revents != 0) return;
  }
}

}  // namespace assay::probes
