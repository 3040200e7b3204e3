// SPDX-License-Identifier: Apache-2.0
// The one thing that libassay_simulated.so exports.
#include "probes/backend/simulated/backend.h"

extern "C" __attribute__((visibility("default"))) const assay::probes::device::Backend* assay_backend(uint32_t abi) {
  // Never deleted: it outlives everything.
  static const auto* const kBackend = new assay::probes::simulated::SimulatedBackend();
  return abi == assay::probes::device::kBackendAbi ? kBackend : nullptr;
}
