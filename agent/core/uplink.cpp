// SPDX-License-Identifier: Apache-2.0
#include "agent/core/uplink.h"

#include <algorithm>

#include "common/base/check.h"

namespace assay::agent {

Uplink::Uplink(const UplinkOptions& options, uint64_t seed, MonoTime now)
    : options_(options), random_(seed), next_report_(now), pause_until_(now) {
  // The first report goes out within a second: a new node shows up at once, and a fleet that starts together is spread by its first
  // pauses and intervals.
  next_report_ = now + Duration(static_cast<Duration::rep>(random_.unit() * 1e9));
}

Duration Uplink::jittered(Duration around) {
  const double factor = 1.0 + options_.jitter_ratio * (2.0 * random_.unit() - 1.0);
  return Duration(static_cast<Duration::rep>(static_cast<double>(around.count()) * factor));
}

void Uplink::report_built(MonoTime now) {
  evidence_ = false;
  next_report_ = now + jittered(options_.report_interval);
}

void Uplink::sent() {
  ASSAY_CHECK(!in_flight_);
  in_flight_ = true;
}

void Uplink::acknowledged(MonoTime now) {
  in_flight_ = false;
  connected_ = true;
  failures_ = 0;
  pause_until_ = now;
}

void Uplink::failed(SendFailure failure, MonoTime now) {
  in_flight_ = false;
  if (failure == SendFailure::kRejected) {  // it was answered: the next one may fare better
    connected_ = true;
    pause_until_ = now + jittered(options_.first_pause);
    return;
  }
  connected_ = false;
  ++failures_;
  if (failure == SendFailure::kRefused) {
    pause_until_ = now + jittered(options_.refused_pause);
    return;
  }
  const uint32_t doublings = std::min(failures_ - 1, 20U);
  pause_until_ = now + jittered(std::min(options_.longest_pause, options_.first_pause * (int64_t{1} << doublings)));
}

void Uplink::forget_failures(MonoTime now) {
  failures_ = 0;
  pause_until_ = now;
}

MonoTime Uplink::wake_at(bool reports_wait) const {
  MonoTime wake = evidence_ ? MonoTime::min() : next_report_;
  if (reports_wait && !in_flight_) wake = std::min(wake, pause_until_);
  return wake;
}

void Uplink::reconfigure(const UplinkOptions& options, MonoTime now) {
  options_ = options;
  next_report_ = std::min(next_report_, now + jittered(options_.report_interval));
}

}  // namespace assay::agent
