// SPDX-License-Identifier: Apache-2.0
// What the runner can say without computing: the devices of this machine, and the probes of this build with the variants that run here.
#pragma once

#include <vector>

#include "probes/runner/options.h"
#include "probes/runner/protocol.h"

namespace assay::probes {

// What this CPU can run, in the order of the catalogue, of each probe the strongest variant first.
std::vector<ProbeVariant> host_variants();

// --discover: a table on stdout, and two frames, devices and variants, on descriptor 3 when that is a socket, pipe or file; with
// --encoded only the frames, on stdout. The exit code.
int print_devices(const RunnerOptions& options);

// --list: one line a probe with its variants, the one that would be used marked with a star. The exit code.
int print_probes();

}  // namespace assay::probes
