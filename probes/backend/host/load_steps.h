// SPDX-License-Identifier: Apache-2.0
// Steps of power around the runs of a slice: what fails only while the supply of a core swings fails right after a step.
#pragma once

#include <cstdint>

#include "probes/backend/host/load/heavy.h"
#include "probes/backend/host/slice.h"

namespace assay::probes::host {

// Leads a unit's thread up to its runs. Cycles begin with the slice, so that all units of a request step together: `off` of idle, then
// `on` of heavy work. Runs of even number begin where idle turns into work, a moment into the work; those of odd number where work turns
// into idle. One thread.
class LoadSteps {
 public:
  explicit LoadSteps(const Slice& slice) : slice_(slice), burst_(heaviest_burst()) {}

  // Idles or works until the run's edge, at most as long as the phase; at once where the request wants no steps. False when the slice ended.
  bool lead_up_to(uint32_t run) const;

 private:
  bool idle_until(MonoTime end) const;
  bool work_until(MonoTime end) const;

  const Slice& slice_;
  HeavyBurst burst_;
};

}  // namespace assay::probes::host
