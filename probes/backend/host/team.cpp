// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/team.h"

#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <climits>
#include <system_error>

#include <fmt/format.h>

#include "common/base/check.h"
#include "common/model/limits.h"
#include "probes/backend/host/pinning.h"

namespace assay::probes::host {
namespace {

constexpr uint32_t kSpins = 512;             // a few microseconds: a cache line travels in a tenth of one
constexpr uint32_t kYields = 128;            // some tens of microseconds more when nobody else wants the CPU
constexpr uint32_t kSpinsPerLook = 64;       // between two looks at the clock
constexpr std::chrono::milliseconds kNap{1}; // bounds what a lost wake-up costs

void relax() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

// Sleeps while the word is as expected; forever for zero.
void futex_wait(std::atomic<uint32_t>& word, uint32_t expected, Duration at_most) {
  timespec limit{};
  limit.tv_nsec = static_cast<long>(at_most.count());
  ::syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, expected, at_most == Duration::zero() ? nullptr : &limit, nullptr, 0);
}

void futex_wake_all(std::atomic<uint32_t>& word) { ::syscall(SYS_futex, &word, FUTEX_WAKE_PRIVATE, INT_MAX, nullptr, nullptr, 0); }

Duration time_of(clockid_t clock) {
  timespec time{};
  ::clock_gettime(clock, &time);
  return std::chrono::seconds{time.tv_sec} + std::chrono::nanoseconds{time.tv_nsec};
}

Duration time_of(const std::thread& thread) {
  clockid_t clock{};
  // native_handle() is not const; the thread is.
  const bool known = ::pthread_getcpuclockid(const_cast<std::thread&>(thread).native_handle(), &clock) == 0;
  return known ? time_of(clock) : Duration::zero();
}

}  // namespace

Team::Team(const KernelSite& site) : site_(site) {
  if (site_.cpus.empty()) {
    site_.cpu = current_cpu();
    others_ = allowed_cpus();
  } else {
    others_.assign(site_.cpus.begin(), site_.cpus.end());
  }
  std::erase(others_, site_.cpu);
}

std::unique_ptr<Team> Team::start(const KernelSite& site, uint32_t most_companions) {
  std::unique_ptr<Team> team(new Team(site));
  ASSAY_CHECK(most_companions < limits::kCpusPerUnitRun);
  const size_t count = std::min<size_t>(most_companions, team->others_.size());
  team->places_.assign(team->others_.begin(), team->others_.begin() + static_cast<std::ptrdiff_t>(count));
  team->companions_.resize(count);
  try {
    for (uint32_t member = 1; member <= count; ++member) {
      team->companions_[member - 1].thread = std::thread([raw = team.get(), member] { raw->companion(member); });
    }
  } catch (const std::system_error&) {
    return nullptr;
  }
  team->take_places(0);
  return team;
}

Team::~Team() { disband(); }

void Team::take_places(uint32_t turn) {
  for (size_t i = 0; i < companions_.size() && !ended_; ++i) {
    places_[i] = others_[(turn + i) % others_.size()];
    if (!pin_to_cpu(companions_[i].thread.native_handle(), places_[i])) misplaced_ = true;
  }
}

bool Team::on_place(uint32_t member) const { return member == 0 || current_cpu() == places_[member - 1]; }

bool Team::should_stop() const {
  if (quit_.load(std::memory_order_relaxed)) return true;
  if (site_.stop != nullptr && site_.stop->load(std::memory_order_relaxed)) return true;
  return site_.deadline != MonoTime::max() && BootClock::now() >= site_.deadline;
}

bool Team::rest(uint32_t turn) {
  if (turn < kSpins) {
    relax();
    return (turn + 1) % kSpinsPerLook != 0 || !should_stop();
  }
  if (should_stop()) return false;
  if (turn < kSpins + kYields) {
    ::sched_yield();
    return true;
  }
  const uint32_t seen = event_.load(std::memory_order_acquire);
  sleepers_.fetch_add(1, std::memory_order_relaxed);
  futex_wait(event_, seen, kNap);
  sleepers_.fetch_sub(1, std::memory_order_relaxed);
  return true;
}

void Team::wake_sleepers() {
  event_.fetch_add(1, std::memory_order_release);
  futex_wake_all(event_);
}

void Team::companion(uint32_t member) {
  name_thread(fmt::format("probe-{}+{}", site_.cpu, member));
  if (site_.idle_priority) use_idle_priority();
  for (uint32_t done = 0;;) {
    for (uint32_t spins = 0; order_.load(std::memory_order_acquire) == done; ++spins) {
      if (spins < kSpins) {
        relax();
      } else {
        futex_wait(order_, done, Duration::zero());
      }
    }
    if (quit_) break;
    ++done;
    if (!work(member)) cut_off_ = true;
    finished_.fetch_add(1, std::memory_order_release);
    signal();
  }
  companions_[member - 1].time = time_of(CLOCK_THREAD_CPUTIME_ID);
}

bool Team::work(uint32_t member) {
  if (!on_place(member)) misplaced_ = true;
  arrived_.fetch_add(1, std::memory_order_acq_rel);
  signal();
  if (!wait_until([&] { return arrived_.load(std::memory_order_acquire) == members(); })) return false;
  if (!(*job_)(member)) return false;
  if (!on_place(member)) misplaced_ = true;
  return true;
}

StepEnd Team::run(const Job& job) {
  if (ended_) return end_;
  job_ = &job;
  arrived_ = 0;
  finished_ = 0;
  order_.fetch_add(1, std::memory_order_release);
  futex_wake_all(order_);
  bool done = work(0);
  done = wait_until([&] { return finished_.load(std::memory_order_acquire) == companions_.size(); }) && done && !cut_off_;
  if (done && !misplaced_) return StepEnd::kDone;
  end_ = done ? StepEnd::kMigrated : StepEnd::kStopped;
  disband();  // the job ends here: nobody may be in it still
  return end_;
}

Duration Team::companions_time() const {
  Duration sum{};
  for (const Companion& companion : companions_) sum += companion.thread.joinable() ? time_of(companion.thread) : companion.time;
  return sum;
}

// A companion that is starved on its CPU is brought to this one, which is free while this thread waits for it.
void Team::disband() {
  ended_ = true;
  quit_ = true;
  order_.fetch_add(1, std::memory_order_release);
  futex_wake_all(order_);
  wake_sleepers();
  for (Companion& companion : companions_) {
    if (!companion.thread.joinable()) continue;
    [[maybe_unused]] const Status moved = pin_to_cpu(companion.thread.native_handle(), site_.cpu);
    companion.thread.join();
  }
}

}  // namespace assay::probes::host
