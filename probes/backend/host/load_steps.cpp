// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/load_steps.h"

#include <algorithm>

#include "probes/backend/host/rest.h"

namespace assay::probes::host {
namespace {

// Work before a run that comes out of idle, so that the load has risen even where the probe itself is light. Regulators answer within
// some ten microseconds, clocks within some hundred.
constexpr std::chrono::microseconds kKick{200};

}  // namespace

bool LoadSteps::lead_up_to(uint32_t run) const {
  const probes::PowerSteps& steps = slice_.request.power_steps;
  if (!steps.wanted()) return true;
  const MonoTime now = BootClock::now();
  const Duration cycle = steps.off + steps.on;
  const Duration at = (now - slice_.start) % cycle;
  if (run % 2 == 1) return work_until(now + std::min(cycle - at, steps.on));
  const Duration to_edge = at < steps.off ? steps.off - at : cycle - at + steps.off;
  return idle_until(now + std::min(to_edge, steps.off)) && work_until(BootClock::now() + kKick);
}

bool LoadSteps::idle_until(MonoTime end) const {
  rest_until(end, slice_);
  return !slice_.should_stop();
}

bool LoadSteps::work_until(MonoTime end) const {
  while (BootClock::now() < end) {
    if (slice_.should_stop()) return false;
    burst_();
  }
  return !slice_.should_stop();
}

}  // namespace assay::probes::host
