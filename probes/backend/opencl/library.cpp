// SPDX-License-Identifier: Apache-2.0
// The one thing that libassay_opencl.so exports.
#include "probes/backend/opencl/backend.h"

extern "C" __attribute__((visibility("default"))) const assay::probes::device::Backend* assay_backend(uint32_t abi) {
  // Never deleted: it outlives everything, drivers with exit handlers of their own above all.
  static const auto* const kBackend = new assay::probes::opencl::OpenclBackend();
  return abi == assay::probes::device::kBackendAbi ? kBackend : nullptr;
}
