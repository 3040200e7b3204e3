// SPDX-License-Identifier: Apache-2.0
// Idle time within a slice that a stop ends at once.
#pragma once

#include <atomic>

#include "common/base/clock.h"

namespace assay::probes {

// Sleeps until then or until `stop`: seen at once by `stop_descriptor`, readable once it is true, and within milliseconds where that is -1.
void idle_until(MonoTime until, const std::atomic<bool>& stop, int stop_descriptor);

}  // namespace assay::probes
