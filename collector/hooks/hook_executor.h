// SPDX-License-Identifier: Apache-2.0
// The thread that runs hooks, one at a time, tries failed ones again a bounded number of times, and tells what came of each
// attempt. Hooks of one node run in the order of their decisions, so that an undrain never overtakes the drain before it.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "collector/core/event.h"
#include "collector/hooks/hook_task.h"
#include "common/base/clock.h"
#include "common/base/file.h"
#include "common/base/result.h"

namespace assay::collector {

// Public functions are thread-safe; `deliver` is called on the executor's own thread after each attempt that stop() did not cut
// short.
class HookExecutor {
 public:
  using Deliver = std::function<void(const HookFinished&)>;

  static Result<std::unique_ptr<HookExecutor>> start(HookSettings settings, Deliver deliver);
  ~HookExecutor();  // stop()

  // Runs it when those before it of the same node are done or given up. A decision that is waiting or running already is not taken twice.
  void submit(HookTask task);
  void set_settings(HookSettings settings);   // from the next attempt on
  // Kills the hook that runs, forgets those that wait (the store knows them) and joins.
  void stop();

 private:
  HookExecutor(HookSettings settings, Deliver deliver, UniqueFd cancel_read, UniqueFd cancel_write);
  struct Item {
    MonoTime due;
    HookTask task;
  };
  void loop();
  // The next item that may run, taken out of the list; nothing when stopping. Waits, with the lock given up.
  std::optional<Item> next(std::unique_lock<std::mutex>& lock);
  bool must_wait(const Item& item) const;

  const Deliver deliver_;
  const UniqueFd cancel_read_;
  UniqueFd cancel_write_;           // closed to cancel
  std::mutex mutex_;
  std::condition_variable changed_;
  HookSettings settings_;
  std::vector<Item> waiting_;
  std::optional<uint64_t> running_; // decision
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace assay::collector
