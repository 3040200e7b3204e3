// SPDX-License-Identifier: Apache-2.0
#include "collector/hooks/hook_executor.h"

#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

namespace assay::collector {
namespace {

constexpr Duration kIdleWait = std::chrono::hours{1};

}  // namespace

HookExecutor::HookExecutor(HookSettings settings, Deliver deliver, UniqueFd cancel_read, UniqueFd cancel_write)
    : deliver_(std::move(deliver)), cancel_read_(std::move(cancel_read)), cancel_write_(std::move(cancel_write)), settings_(std::move(settings)) {}

Result<std::unique_ptr<HookExecutor>> HookExecutor::start(HookSettings settings, Deliver deliver) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return errno_error(errno, "pipe");
  std::unique_ptr<HookExecutor> executor(
      new HookExecutor(std::move(settings), std::move(deliver), UniqueFd(ends[0]), UniqueFd(ends[1])));
  executor->thread_ = std::thread([raw = executor.get()] {
    ::pthread_setname_np(::pthread_self(), "assay-hooks");
    raw->loop();
  });
  return executor;
}

HookExecutor::~HookExecutor() { stop(); }

void HookExecutor::submit(HookTask task) {
  const std::lock_guard lock(mutex_);
  const bool known = running_ == task.decision || std::any_of(waiting_.begin(), waiting_.end(), [&](const Item& other) {
                       return other.task.decision == task.decision;
                     });
  if (known) return;
  waiting_.push_back({BootClock::now(), std::move(task)});
  changed_.notify_one();
}

void HookExecutor::set_settings(HookSettings settings) {
  const std::lock_guard lock(mutex_);
  settings_ = std::move(settings);
}

void HookExecutor::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    cancel_write_.reset();
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

// An earlier decision about the same node is still to be carried out.
bool HookExecutor::must_wait(const Item& item) const {
  return std::any_of(waiting_.begin(), waiting_.end(), [&](const Item& other) {
    return other.task.node == item.task.node && other.task.synthetic == item.task.synthetic && other.task.decision < item.task.decision;
  });
}

std::optional<HookExecutor::Item> HookExecutor::next(std::unique_lock<std::mutex>& lock) {
  while (!stopping_) {
    const MonoTime now = BootClock::now();
    MonoTime earliest = now + kIdleWait;
    for (auto item = waiting_.begin(); item != waiting_.end(); ++item) {
      if (must_wait(*item)) continue;
      if (item->due <= now) {
        Item taken = std::move(*item);
        waiting_.erase(item);
        return taken;
      }
      earliest = std::min(earliest, item->due);
    }
    changed_.wait_for(lock, earliest - now);
  }
  return std::nullopt;
}

void HookExecutor::loop() {
  std::unique_lock lock(mutex_);
  while (auto item = next(lock)) {
    running_ = item->task.decision;
    const HookSettings settings = settings_;
    lock.unlock();
    const HookAttempt attempt = run_hook(settings, item->task, cancel_read_.get());
    lock.lock();
    running_.reset();
    if (attempt.cancelled) continue;
    const uint32_t attempts = ++item->task.attempts;
    const HookStatus status = attempt.success ? HookStatus::kDone : attempts >= kHookAttempts ? HookStatus::kFailed : HookStatus::kPending;
    const HookFinished finished{item->task.decision, status, attempts, attempt.exit_code, attempt.detail};
    if (status == HookStatus::kPending) {
      item->due = BootClock::now() + hook_retry_delay(settings, attempts);
      waiting_.push_back(std::move(*item));
    }
    lock.unlock();
    deliver_(finished);
    lock.lock();
  }
}

}  // namespace assay::collector
