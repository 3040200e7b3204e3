// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/cuda/neighbour.h"

#include "probes/backend/cuda/driver_api.h"

namespace assay::probes::cuda {

Status may_open(const Neighbourhood& neighbourhood) {
  if (neighbourhood.compute_mode == kComputeProhibited) {
    return make_error(ErrorCode::kConflict, "compute mode is prohibited: nothing may run on this device until nvidia-smi -c DEFAULT");
  }
  if (neighbourhood.compute_mode == kComputeExclusiveProcess) {
    return make_error(ErrorCode::kConflict,
                      "compute mode is exclusive-process: a probe would make the next job fail, so probe from the scheduler's prolog or when drained");
  }
  if (neighbourhood.mps && !neighbourhood.mps_allowed) {
    return make_error(ErrorCode::kConflict, "an MPS server shares this device: a fault of one client ends the others, so probing waits until that is allowed");
  }
  return {};
}

}  // namespace assay::probes::cuda
