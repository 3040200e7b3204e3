// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/cuda/fetcher.h"

#include "probes/backend/cuda/memory_plan.h"
#include "probes/backend/cuda/peers.h"

namespace assay::probes::cuda {
namespace {

// The thread is in the home session's context again, however the visit ends.
class Visit {
 public:
  explicit Visit(Session& home) : home_(home) {}
  ~Visit() { static_cast<void>(home_.enter()); }
  Visit(const Visit&) = delete;
  Visit& operator=(const Visit&) = delete;

 private:
  Session& home_;
};

}  // namespace

Status Fetcher::prepare(Session& home, Arrival arrival) {
  if (arrival != Arrival::kPeer) return {};
  if (peers_.empty()) return make_error(ErrorCode::kUnsupported, "there is no second device to send to");
  const DriverDevice wanted = peer_of_job(peers_, jobs_++);
  if (peer_ && device_ == wanted) return {};
  {
    const Visit visit(home);
    peer_.reset();
    peer_.emplace(TRY(Session::open(*api_, wanted, false)));
    device_ = wanted;
  }
  return home.reach(*peer_);
}

Result<std::span<const uint64_t>> Fetcher::fetch(Session& home, DriverAddress from, uint64_t words, Arrival arrival) {
  const uint64_t bytes = words * sizeof(uint64_t);
  uint64_t* const to = TRY(home.pinned(bytes));
  if (arrival == Arrival::kPeer) {
    TRY(fetch_by_peer(home, to, from, bytes));
  } else {
    TRY(home.download(to, from, bytes));
    TRY(home.wait("bringing outputs to the host"));
  }
  return std::span<const uint64_t>(to, words);
}

Status Fetcher::fetch_by_peer(Session& home, uint64_t* to, DriverAddress from, uint64_t bytes) {
  DriverAddress there = 0;
  {
    const Visit visit(home);
    TRY(peer_->enter());
    const uint64_t cap = memory_cap(memory_bytes_, TRY(peer_->free_bytes()), peer_->memory_bytes());
    if (bytes > cap) return make_error(ErrorCode::kLimit, "the memory of the device that outputs are sent to is short");
    there = TRY(peer_->memory(bytes));
  }
  TRY(home.send(there, *peer_, from, bytes));
  TRY(home.wait("sending outputs to another device"));
  const Visit visit(home);
  TRY(peer_->enter());
  TRY(peer_->download(to, there, bytes));
  return peer_->wait("bringing outputs of another device to the host");
}

}  // namespace assay::probes::cuda
