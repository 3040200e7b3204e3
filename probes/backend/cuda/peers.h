// SPDX-License-Identifier: Apache-2.0
// Other devices of this process: which of them a device copies to by itself, and whose turn it is.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "common/base/result.h"
#include "probes/backend/cuda/driver_api.h"

namespace assay::probes::cuda {

// Those whose memory device number `index` of `count` reaches, the next number first, so that in a ring everyone is somebody's first. Left out are devices
// that must be left alone themselves (neighbour.h), for a copy needs a context there too, and those that do not answer.
Result<std::vector<DriverDevice>> find_peers(const DriverApi& api, int index, int count, bool allow_mps);

// To which of them the n-th job sends: each gets some jobs in a row, because a context takes longer to make than a job. `peers` is not empty. Pure.
inline constexpr uint64_t kJobsPerPeer = 64;
DriverDevice peer_of_job(std::span<const DriverDevice> peers, uint64_t job);

}  // namespace assay::probes::cuda
