// SPDX-License-Identifier: Apache-2.0
// What libassay_cuda.so exports.
#include "probes/backend/cuda/backend.h"

extern "C" __attribute__((visibility("default"))) const assay::probes::device::Backend* assay_backend(uint32_t abi) {
  static const assay::probes::cuda::CudaBackend kBackend([] { return assay::probes::cuda::load_driver(); });
  return abi == assay::probes::device::kBackendAbi ? &kBackend : nullptr;
}
