// SPDX-License-Identifier: Apache-2.0
// The one argument of every kernel of ceilings.cu, alike for nvcc and for the test: passed by value; no padding.
#pragma once

#include <cstdint>

namespace assay::probes::gpu {

struct CeilingArguments {
  uint64_t memory = 0;   // of the device; zero before the first launch
  uint64_t count = 0;    // copies: vectors of 16 bytes in each half of it
  uint32_t turns = 0;    // even
  uint32_t unused = 0;
  uint64_t a = 0;        // bits of a number that the compiler must not know
  uint64_t b = 0;
};

inline constexpr uint32_t kCeilingLanes = 256;    // of a block
inline constexpr uint32_t kCeilingChains = 8;     // independent ones of a lane, or of a warp: what hides the latency of any unit
inline constexpr uint32_t kCeilingProducts = 4;   // of a warpgroup that are one piece (wgmma.cuh)

}  // namespace assay::probes::gpu
