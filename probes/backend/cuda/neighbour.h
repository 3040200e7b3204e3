// SPDX-License-Identifier: Apache-2.0
// When the device is left alone for the sake of those who work on it. Whether a job runs at all is the agent's to know (scheduler, NVML); here is what
// only the driver tells. Each refusal is a kConflict with words of its own, so that skips can be counted by reason.
#pragma once

#include "common/base/result.h"

namespace assay::probes::cuda {

struct Neighbourhood {
  int compute_mode = 0;          // ComputeMode of driver_api.h
  bool mps = false;              // contexts of this device are made by an MPS server
  bool mps_allowed = false;      // OpenOptions::allow_mps
};

// A context in exclusive-process mode would make the next job fail with CUDA_ERROR_DEVICE_UNAVAILABLE; a client of MPS that dies of a fault can take
// the server's other clients along.
Status may_open(const Neighbourhood& neighbourhood);

}  // namespace assay::probes::cuda
