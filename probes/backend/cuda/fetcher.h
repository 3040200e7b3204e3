// SPDX-License-Identifier: Apache-2.0
// Brings outputs that are the result as they arrive (copy.d2h, copy.p2p) from a device to the host, straight or by way of another device.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "probes/backend/cuda/device_program.h"
#include "probes/backend/cuda/session.h"

namespace assay::probes::cuda {

// One thread, that of the home session, whose context is the current one before and after each call.
class Fetcher {
 public:
  // `api` outlives it. `memory_bytes`: of a peer's memory, at most; and never more than 2 % of what is free there.
  Fetcher(const DriverApi& api, std::vector<DriverDevice> peers, uint64_t memory_bytes) : api_(&api), peers_(std::move(peers)), memory_bytes_(memory_bytes) {}

  // Before the launches of a job whose outputs go by a peer: makes a context there when it is that peer's turn.
  Status prepare(Session& home, Arrival arrival);
  // `words` words at `from`, in memory of the host that lives until the next call. kLimit: the peer's memory is short.
  Result<std::span<const uint64_t>> fetch(Session& home, DriverAddress from, uint64_t words, Arrival arrival);
  // Gives the peer's context back.
  void release() { peer_.reset(); }

 private:
  Status fetch_by_peer(Session& home, uint64_t* to, DriverAddress from, uint64_t bytes);

  const DriverApi* api_;
  std::vector<DriverDevice> peers_;
  uint64_t memory_bytes_;
  uint64_t jobs_ = 0;                       // that went by a peer
  DriverDevice device_ = 0;                 // of peer_
  std::optional<Session> peer_;
};

}  // namespace assay::probes::cuda
