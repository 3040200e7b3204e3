// SPDX-License-Identifier: Apache-2.0
#include "agent/core/control_schedule.h"

namespace assay::agent {

ControlSchedule::ControlSchedule(uint32_t one_in, uint64_t seed) : one_in_(0), random_(seed) { set_one_in(one_in); }

void ControlSchedule::set_one_in(uint32_t one_in) {
  if (one_in == one_in_) return;
  one_in_ = one_in;
  countdown_ = one_in == 0 ? 0 : 1 + static_cast<uint32_t>(random_.below(one_in));
}

bool ControlSchedule::take_turn() {
  if (one_in_ == 0 || --countdown_ > 0) return false;
  countdown_ = one_in_;
  return true;
}

probes::Injection ControlSchedule::plant(uint32_t unit) {
  probes::Injection injection;
  injection.shape = FaultShape::kBitFlip;
  injection.unit = unit;
  injection.step = static_cast<uint32_t>(random_.next());
  injection.mask = 0;
  injection.probability = 1.0;
  injection.seed = random_.next();
  return injection;
}

}  // namespace assay::agent
