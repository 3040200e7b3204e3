// SPDX-License-Identifier: Apache-2.0
// The work that draws the most power a core has without memory: multiply-add in its widest registers. Its results mean nothing.
#pragma once

#include <cstdint>

namespace assay::probes::host {

// About 20 microseconds of it on a core of 3 GHz, and as long as it takes on others.
using HeavyBurst = void (*)();
// The widest that this CPU has; thread-safe, always the same.
HeavyBurst heaviest_burst();

// One for each instruction set, in files that are compiled for it and use no library.
void heavy_scalar();
void heavy_avx2();
void heavy_avx512();
void heavy_neon();

}  // namespace assay::probes::host
