// SPDX-License-Identifier: Apache-2.0
// Launches the kernels of ceilings.cu on one device, beside the library under test and in the same context.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "probes/backend/cuda/session.h"

namespace assay::probes::gpu {

// What a probe may stand beside: a kernel, how much one of its turns does, and on how much memory.
struct Ceiling {
  std::string kernel;            // "ceiling_fma_f32"
  double work_per_turn = 0;      // of one lane, warp or warpgroup
  uint32_t lanes = 1;            // of whom that is
  uint64_t bytes = 0;            // of both halves of a copy; 0: no copy
};

// Operations of one turn of the probe's own kind of arithmetic; nullopt where nothing is like it. `variant` as offered ("simt", "mma", "wgmma"); `arena_bytes`: the
// memory that the probe marches over, on all units together.
std::optional<Ceiling> ceiling_of(std::string_view probe, std::string_view variant, uint64_t arena_bytes);

class Ceilings {
 public:
  // `units` multiprocessors of device number `index`. The context stays current on this thread until the object goes.
  static Result<Ceilings> open(int index, uint32_t units);

  // Work per second: the best of some launches of at least 20 ms. kInternal when a copy did not take place.
  Result<double> rate(const Ceiling& ceiling);

 private:
  Ceilings(std::unique_ptr<const cuda::DriverApi> api, cuda::Session session, uint32_t units);
  Result<double> launch_s(const cuda::LoadedKernel& kernel, const Ceiling& ceiling, uint32_t turns);

  std::unique_ptr<const cuda::DriverApi> api_;   // first: the session holds on to it
  cuda::Session session_;
  uint32_t units_;
};

}  // namespace assay::probes::gpu
