// SPDX-License-Identifier: Apache-2.0
// Waits for something that another thread will bring about.
#pragma once

#include <poll.h>

#include "common/base/clock.h"

namespace assay::collector {

// True as soon as the condition holds; false when it does not within 20 seconds.
template <typename Condition>
bool eventually(Condition condition) {
  const MonoTime start = BootClock::now();
  while (!condition()) {
    if (BootClock::now() - start > std::chrono::seconds{20}) return false;
    ::poll(nullptr, 0, 5);
  }
  return true;
}

}  // namespace assay::collector
