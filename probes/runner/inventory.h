// SPDX-License-Identifier: Apache-2.0
// What the runner can say without computing: the devices of this machine and the probes of this build.
#pragma once

#include "probes/runner/options.h"

namespace assay::probes {

// --discover: a table on stdout, and an encoded device list on descriptor 3 when that is a socket, pipe or file; with --encoded only
// the list, on stdout. The exit code.
int print_devices(const RunnerOptions& options);

// --list: one line a probe with its variants, the one that would be used marked with a star. The exit code.
int print_probes();

}  // namespace assay::probes
