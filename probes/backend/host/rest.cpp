// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/rest.h"

#include <poll.h>
#include <time.h>

#include <algorithm>
#include <cerrno>

namespace assay::probes::host {
namespace {

timespec to_timespec(Duration duration) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(duration);
  return {seconds.count(), (duration - seconds).count()};
}

}  // namespace

bool rests_fit(const Kernel& kernel, const Slice& slice) {
  Duration all{};
  for (uint32_t step = 0; step < kernel.steps(); ++step) all += std::min(kernel.rest_before(step), slice.longest_rest);
  return all == Duration::zero() || BootClock::now() + all < slice.deadline;
}

void rest(Duration wanted, const Slice& slice) {
  if (wanted <= Duration::zero()) return;
  const MonoTime end = std::min(BootClock::now() + std::min(wanted, slice.longest_rest), slice.deadline);
  pollfd stop{slice.stop_descriptor, POLLIN, 0};  // poll() passes over negative ones
  for (MonoTime now = BootClock::now(); now < end && !slice.should_stop(); now = BootClock::now()) {
    const timespec left = to_timespec(end - now);
    if (::ppoll(&stop, 1, &left, nullptr) < 0 && errno != EINTR) return;
    if (stop.revents != 0) return;
  }
}

}  // namespace assay::probes::host
