// SPDX-License-Identifier: Apache-2.0
// Threads beside a kernel's own, each pinned to another CPU of the device, that do a step together with it. They may be starved there:
// every wait ends with the slice.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <thread>
#include <vector>

#include "common/base/clock.h"
#include "probes/backend/host/kernel.h"

namespace assay::probes::host {

// Member 0 is the kernel's own thread, which owns the team; the others are its companions. Jobs call wait_until(), signal() and members()
// from all of them; everything else belongs to member 0.
class Team {
 public:
  // The part of one member in a step; false when a wait was cut off.
  using Job = std::function<bool(uint32_t member)>;

  // At most so many companions, at most one for each other CPU of the site; nullptr when a thread cannot be had.
  // They take the places of turn 0.
  static std::unique_ptr<Team> start(const KernelSite& site, uint32_t most_companions);
  Team(const Team&) = delete;
  Team& operator=(const Team&) = delete;
  ~Team();

  uint32_t members() const { return static_cast<uint32_t>(companions_.size()) + 1; }
  // The CPUs of the companions, of member 1 first.
  std::span<const uint32_t> places() const { return places_; }
  // Moves the companions to the CPUs that follow the turn-th of the others, so that all have their turn.
  void take_places(uint32_t turn);
  // One step: every member begins when all are there, and all have ended on return. Once it was not done, it never is again.
  StepEnd run(const Job& job);
  // CPU time of the companions so far.
  Duration companions_time() const;

  // Until ready() is true: spins as long as a cache line travels, then lets others run, then sleeps. False at the end of the slice.
  template <typename Ready>
  bool wait_until(const Ready& ready) {
    for (uint32_t turn = 0; !ready(); ++turn) {
      if (!rest(turn)) return false;
    }
    return true;
  }
  // After a change that another member may be waiting for.
  void signal() {
    if (sleepers_.load(std::memory_order_relaxed) != 0) wake_sleepers();
  }

 private:
  struct Companion {
    std::thread thread;
    Duration time{};  // set as it ends
  };

  explicit Team(const KernelSite& site);
  void companion(uint32_t member);
  bool work(uint32_t member);
  bool on_place(uint32_t member) const;
  bool should_stop() const;
  bool rest(uint32_t turn);
  void wake_sleepers();
  void disband();

  KernelSite site_;
  std::vector<uint32_t> others_;
  std::vector<uint32_t> places_;
  std::vector<Companion> companions_;
  const Job* job_ = nullptr;
  bool ended_ = false;
  StepEnd end_ = StepEnd::kDone;
  std::atomic<uint32_t> order_{0};     // number of the job that is out; companions sleep on it between jobs
  std::atomic<uint32_t> event_{0};     // members sleep on it within a job
  std::atomic<uint32_t> sleepers_{0};
  std::atomic<uint32_t> arrived_{0};
  std::atomic<uint32_t> finished_{0};
  std::atomic<bool> cut_off_{false};
  std::atomic<bool> misplaced_{false};
  std::atomic<bool> quit_{false};
};

// What the kernels that work between CPUs have in common: their team, and one 64-bit word at a time.
class TeamKernel : public Kernel {
 public:
  uint32_t words_per_vector() const override { return 1; }
  StepEnd last_step() const override { return end_; }
  std::span<const uint32_t> partners() const override { return team_->places(); }
  Duration partners_time() const override { return team_->companions_time(); }

 protected:
  explicit TeamKernel(std::unique_ptr<Team> team) : team_(std::move(team)) {}
  Team& team() { return *team_; }
  uint32_t members() const { return team_->members(); }
  // Work dealt in `parts` is done by member part % members, so that a part, and the words it writes, name a CPU.
  template <typename Each>
  bool for_parts_of(uint32_t member, uint32_t parts, const Each& each) {
    for (uint32_t part = member; part < parts; part += members()) {
      if (!each(part)) return false;
    }
    return true;
  }
  bool run_step(const Team::Job& job) {
    end_ = team_->run(job);
    return end_ == StepEnd::kDone;
  }

 private:
  std::unique_ptr<Team> team_;
  StepEnd end_ = StepEnd::kDone;
};

}  // namespace assay::probes::host
