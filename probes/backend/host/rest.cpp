// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/rest.h"

#include <algorithm>

#include "probes/backend/idle.h"

namespace assay::probes::host {

bool rests_fit(const Kernel& kernel, const Slice& slice) {
  Duration all{};
  for (uint32_t step = 0; step < kernel.steps(); ++step) all += std::min(kernel.rest_before(step), slice.longest_rest);
  return all == Duration::zero() || BootClock::now() + all < slice.deadline;
}

void rest(Duration wanted, const Slice& slice) {
  if (wanted > Duration::zero()) rest_until(BootClock::now() + std::min(wanted, slice.longest_rest), slice);
}

void rest_until(MonoTime end, const Slice& slice) { idle_until(std::min(end, slice.deadline), slice.stop, slice.stop_descriptor); }

}  // namespace assay::probes::host
