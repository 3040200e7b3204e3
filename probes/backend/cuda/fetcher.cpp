// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/cuda/fetcher.h"

#include <algorithm>
#include <utility>

#include "probes/backend/cuda/memory_plan.h"
#include "probes/backend/cuda/peers.h"

namespace assay::probes::cuda {
namespace {

constexpr uint64_t kNothing = 0x0BAD0BAD0BAD0BAD;

// The thread is in the home session's context again, however a visit to another ends. Who goes on after it says back() and looks at the answer.
class Visit {
 public:
  explicit Visit(Session& home) : home_(&home) {}
  ~Visit() {
    if (home_ != nullptr) static_cast<void>(home_->enter());
  }
  Visit(const Visit&) = delete;
  Visit& operator=(const Visit&) = delete;
  Status back() { return std::exchange(home_, nullptr)->enter(); }

 private:
  Session* home_;
};

}  // namespace

Status Fetcher::prepare(Session& home, Arrival arrival) {
  if (arrival != Arrival::kPeer) return {};
  if (peers_.empty()) return make_error(ErrorCode::kUnsupported, "there is no second device to send to");
  const DriverDevice wanted = peer_of_job(peers_, jobs_++);
  if (peer_ && device_ == wanted) return {};
  Visit visit(home);
  peer_.reset();
  peer_.emplace(TRY(Session::open(*api_, wanted, false)));
  device_ = wanted;
  TRY(visit.back());
  Status reached = home.reach(*peer_);
  if (reached.ok()) return {};
  // Without that the driver would send by way of the host, and nobody would know.
  const Visit leaving(home);
  peer_.reset();
  return reached;
}

Result<std::span<const uint64_t>> Fetcher::fetch(Session& home, DriverAddress from, uint64_t words, Arrival arrival) {
  const uint64_t bytes = words * sizeof(uint64_t);
  uint64_t* const to = TRY(home.pinned(bytes));
  // Words that do not arrive must not be there from the run before.
  std::fill_n(to, words, kNothing);
  if (arrival == Arrival::kPeer) {
    TRY(fetch_by_peer(home, to, from, bytes));
  } else {
    TRY(home.download(to, from, bytes));
    TRY(home.wait("bringing outputs to the host"));
  }
  return std::span<const uint64_t>(to, words);
}

Status Fetcher::fetch_by_peer(Session& home, uint64_t* to, DriverAddress from, uint64_t bytes) {
  Visit visit(home);
  TRY(peer_->enter());
  const uint64_t cap = memory_cap(memory_bytes_, TRY(peer_->free_bytes()), peer_->memory_bytes());
  if (bytes > cap) return make_error(ErrorCode::kLimit, "the memory of the device that outputs are sent to is short");
  const DriverAddress there = TRY(peer_->memory(bytes));
  TRY(peer_->clear(there, bytes));
  TRY(peer_->wait("clearing memory of another device"));
  TRY(visit.back());
  TRY(home.send(there, *peer_, from, bytes));
  TRY(home.wait("sending outputs to another device"));
  Visit fetching(home);
  TRY(peer_->enter());
  TRY(peer_->download(to, there, bytes));
  TRY(peer_->wait("bringing outputs of another device to the host"));
  return fetching.back();
}

}  // namespace assay::probes::cuda
