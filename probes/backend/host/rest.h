// SPDX-License-Identifier: Apache-2.0
// The rests between the steps of a run: nothing is computed, and a stop ends them at once.
#pragma once

#include "common/base/clock.h"
#include "probes/backend/host/kernel.h"
#include "probes/backend/host/slice.h"

namespace assay::probes::host {

// Whether all rests of a run, each cut to the longest of the slice, fit the time that is left. A run that could only be cut short is not worth
// beginning.
bool rests_fit(const Kernel& kernel, const Slice& slice);

// Sleeps that long, or the longest rest of the slice.
void rest(Duration wanted, const Slice& slice);
// Sleeps until then, or the slice's deadline or stop: at once by its stop descriptor, within milliseconds where it has none.
void rest_until(MonoTime end, const Slice& slice);

}  // namespace assay::probes::host
