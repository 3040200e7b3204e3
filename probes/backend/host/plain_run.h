// SPDX-License-Identifier: Apache-2.0
// One run of a kernel without the frame around it: no pinning, poison or injection. For the golden builder, benchmarks
// and tests.
#pragma once

#include <cstdint>

#include "common/base/digest.h"
#include "probes/backend/host/kernel.h"

namespace assay::probes::host {

inline Digest plain_run(Kernel& kernel, uint32_t operand_set) {
  Digest128 digest;
  kernel.prepare(operand_set);
  for (uint32_t step = 0; step < kernel.steps(); ++step) {
    kernel.step(step);
    digest.add(kernel.output());
  }
  return digest.value();
}

}  // namespace assay::probes::host
