// SPDX-License-Identifier: Apache-2.0
// The collector of a simulated fleet: the real FleetCore between a network that loses and a store that fails and restarts.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "collector/core/fleet_core.h"
#include "collector/core/probe_book.h"
#include "common/base/random.h"
#include "tests/sim/ledger.h"
#include "tests/sim/plan.h"
#include "tests/sim/timeline.h"

namespace assay::sim {

// Stands for process and store. What is durable is a copy of the core's state taken at each commit (that a store gives back what it was
// given is the contract of collector/store and tested there), the last sequence of each stream, and hooks that ran outside.
class SimCollector {
 public:
  using IsBad = std::function<bool(const std::string& device_id)>;
  SimCollector(const Plan& plan, Timeline& timeline, Ledger& ledger, IsBad is_bad);

  // Handles the bytes of a report; the acknowledgement's bytes, or nothing when the process is down or cannot commit.
  std::optional<std::string> report(const std::string& bytes);
  void crash();
  void disk_full(bool full) { disk_full_ = full; }
  void jump_clock(Duration by) { clock_offset_ += by; }
  const collector::FleetState& state() const { return core_->state(); }
  // Something a person would do: an error is an answer too.
  Status operate(const collector::Event& event) { return step_and_commit(event, nullptr, nullptr); }

 private:
  WallTime wall() const;
  void start();
  void tick();
  // Steps the core and commits; on a full disk the core is thrown away and loaded again, and the error says so.
  Status step_and_commit(const collector::Event& event, const Report* report, std::vector<Command>* commands);
  void commit(const std::vector<collector::Action>& actions, const Report* report);
  void start_hook(const collector::HookRecord& hook);
  void attempt_hook(uint64_t decision, uint32_t attempt);

  const Plan& plan_;
  Timeline& timeline_;
  Ledger& ledger_;
  IsBad is_bad_;
  Random random_;
  collector::ProbeBook book_;
  std::unique_ptr<collector::FleetCore> core_;
  collector::FleetState durable_;
  std::map<std::string, uint64_t> last_sequence_;   // durable, by node and stream
  uint64_t life_ = 0;                               // counts restarts: what was started in an earlier life does not come back
  bool up_ = true;
  bool disk_full_ = false;
  Duration clock_offset_{};
};

}  // namespace assay::sim
