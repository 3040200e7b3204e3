// SPDX-License-Identifier: Apache-2.0
// --self-test: every probe once on every core of this machine, for a person who wants to know whether the runner works here.
#pragma once

#include "probes/runner/options.h"

namespace assay::probes {

// Prints one line a probe and device. kExitFinding on a mismatch, else kExitUnsure when something could not be measured, else
// kExitFine; kExitUnavailable when the goldens cannot be read.
int run_self_test(const RunnerOptions& options);

}  // namespace assay::probes
