// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/rest.h"

#include <poll.h>
#include <time.h>

#include <algorithm>
#include <cerrno>

namespace assay::probes::host {
namespace {

constexpr Duration kNap = std::chrono::milliseconds{2};  // between two looks whether to stop, without a descriptor

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
  if (wanted > Duration::zero()) rest_until(BootClock::now() + std::min(wanted, slice.longest_rest), slice);
}

void rest_until(MonoTime end, const Slice& slice) {
  const MonoTime until = std::min(end, slice.deadline);
  pollfd stop{slice.stop_descriptor, POLLIN, 0};  // poll() passes over negative ones
  const Duration nap = slice.stop_descriptor < 0 ? kNap : Duration::max();
  for (MonoTime now = BootClock::now(); now < until && !slice.should_stop(); now = BootClock::now()) {
    const timespec left = to_timespec(std::min(until - now, nap));
    if (::ppoll(&stop, 1, &left, nullptr) < 0 && errno != EINTR) return;
    if (stop.revents != 0) return;
  }
}

}  // namespace assay::probes::host
