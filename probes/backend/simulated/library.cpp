// SPDX-License-Identifier: Apache-2.0
// The one thing that libassay_simulated.so exports.
#include "probes/backend/simulated/backend.h"

extern "C" const assay::probes::device::Backend* assay_backend(uint32_t abi) {
  static const assay::probes::simulated::SimulatedBackend kBackend;
  return abi == assay::probes::device::kBackendAbi ? &kBackend : nullptr;
}
