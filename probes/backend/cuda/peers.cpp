// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/cuda/peers.h"

#include "common/base/check.h"
#include "probes/backend/cuda/identity.h"
#include "probes/backend/cuda/neighbour.h"

namespace assay::probes::cuda {

Result<std::vector<DriverDevice>> find_peers(const DriverApi& api, int index, int count, bool allow_mps) {
  std::vector<DriverDevice> peers;
  if (count < 2) return peers;
  const DeviceFacts own = TRY(device_facts(api, index));
  for (int step = 1; step < count; ++step) {
    // Another device that does not answer is no reason to leave this one alone.
    Result<DeviceFacts> other = device_facts(api, (index + step) % count);
    if (!other.ok()) continue;
    other->neighbourhood.mps_allowed = allow_mps;
    int can = 0;
    if (may_open(other->neighbourhood).ok() && api.can_access_peer(&can, own.handle, other->handle) == kSuccess && can != 0) peers.push_back(other->handle);
  }
  return peers;
}

DriverDevice peer_of_job(std::span<const DriverDevice> peers, uint64_t job) {
  ASSAY_CHECK(!peers.empty());
  return peers[job / kJobsPerPeer % peers.size()];
}

}  // namespace assay::probes::cuda
