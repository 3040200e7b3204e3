// SPDX-License-Identifier: Apache-2.0
// The floating-point environment every probe computes in: round to nearest even, subnormals kept on input and output, no traps.
// A library that changed it for the process must not change a probe's bits.
#pragma once

namespace assay::probes::host {

// Sets it for the calling thread; false when it did not take, which only a broken CPU or hypervisor does.
bool set_fp_environment();

}  // namespace assay::probes::host
