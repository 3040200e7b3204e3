// SPDX-License-Identifier: Apache-2.0
// When a slice is to be a positive control: a planted bit flip that the comparator must report.
#pragma once

#include <cstdint>

#include "common/base/random.h"
#include "probes/runner/protocol.h"

namespace assay::agent {

// One slice in `one_in` is a control, at a phase taken from the seed so that the nodes of a fleet differ. Not thread-safe.
class ControlSchedule {
 public:
  // one_in == 0: never.
  ControlSchedule(uint32_t one_in, uint64_t seed);
  // Called once per paced slice; true when this one is the control.
  bool take_turn();
  // The fault to plant on a unit: one flipped bit, its step and place chosen from the seed.
  probes::Injection plant(uint32_t unit);
  void set_one_in(uint32_t one_in);

 private:
  uint32_t one_in_;
  uint32_t countdown_ = 0;
  Random random_;
};

}  // namespace assay::agent
