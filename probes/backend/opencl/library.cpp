// SPDX-License-Identifier: Apache-2.0
// The one thing that libassay_opencl.so exports.
#include "probes/backend/opencl/backend.h"

extern "C" assay::probes::device::Backend* assay_backend(uint32_t abi) {
  static assay::probes::opencl::OpenclBackend backend;
  return abi == assay::probes::device::kBackendAbi ? &backend : nullptr;
}
