// SPDX-License-Identifier: Apache-2.0
// Watches, beside a computation, for the reasons to stop it: SIGTERM or SIGINT, or a peer that hung up. A computation that does not
// come back within the grace time takes the process with it, for nobody waits for its result.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <thread>

#include "common/base/file.h"
#include "common/base/result.h"

namespace assay::probes {

// One thread that sleeps in poll(). The owner reads stopped() from any thread; construction and destruction belong to one.
class StopWatch {
 public:
  static constexpr std::chrono::seconds kGrace{2};

  // Blocks both signals in the calling thread, so call it before others are started; `peer` stays with the caller and open.
  static Result<std::unique_ptr<StopWatch>> start(int peer);
  StopWatch(const StopWatch&) = delete;
  StopWatch& operator=(const StopWatch&) = delete;
  ~StopWatch();

  const std::atomic<bool>& stopped() const { return stopped_; }
  // Readable (poll) from the moment that stopped() is true.
  int descriptor() const { return announced_.get(); }

 private:
  StopWatch(int peer, UniqueFd signals, UniqueFd announced, UniqueFd quit);
  void watch();

  const int peer_;
  UniqueFd signals_;
  UniqueFd announced_;
  UniqueFd quit_;
  std::atomic<bool> stopped_{false};
  std::thread thread_;
};

}  // namespace assay::probes
