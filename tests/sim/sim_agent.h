// SPDX-License-Identifier: Apache-2.0
// One agent of a simulated fleet: the real DeviceWatch and Uplink between simulated silicon, a spool and a network.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "agent/core/device_watch.h"
#include "agent/core/uplink.h"
#include "tests/sim/ledger.h"
#include "tests/sim/plan.h"
#include "tests/sim/silicon.h"
#include "tests/sim/timeline.h"

namespace assay::sim {

// Delivers a request's bytes to the collector; the callback gets the reply's bytes, or nothing when none came in time. Exactly one call.
using Reply = std::function<void(const std::optional<std::string>&)>;
using Transport = std::function<void(std::string request, Reply reply)>;

// Durable: the spool, its sequence numbers and the device's memory. Volatile: everything else; crash() loses it.
class SimAgent {
 public:
  SimAgent(const Plan& plan, uint32_t node, Timeline& timeline, Ledger& ledger, Transport transport);

  void crash();
  void jump_clock(Duration by) { clock_offset_ += by; }
  // In the ladder's way there is credit, so the budget holds for devices without incidents.
  bool had_incident() const { return had_incident_; }
  bool is_bad() const { return silicon_.is_bad(); }
  const Device& device() const { return silicon_.device(); }
  double probe_ratio() const;
  double budget_ratio() const { return options_.budget_ratio; }
  const std::string& name() const { return name_; }
  uint64_t spooled() const { return spool_.size(); }

 private:
  Instant now() const;
  void start();
  void turn();
  void finish_slice(const agent::SliceOrder& order, uint64_t life);
  void take(const agent::News& news);
  void build_report();
  void send();
  void on_reply(uint64_t life, uint64_t sequence, const std::optional<std::string>& bytes);
  void pump(uint64_t life);

  const Plan& plan_;
  Timeline& timeline_;
  Ledger& ledger_;
  Transport transport_;
  std::string name_;
  Silicon silicon_;
  agent::SchedulerOptions options_;
  Duration clock_offset_{};
  uint64_t life_ = 0;
  bool up_ = false;
  bool slice_out_ = false;
  bool had_incident_ = false;
  double spent_unit_seconds_ = 0;   // over all lives

  // Durable.
  std::deque<Report> spool_;
  uint64_t next_sequence_ = 1;
  agent::DeviceMemory memory_;

  // Volatile.
  std::unique_ptr<agent::DeviceWatch> watch_;
  std::unique_ptr<agent::Uplink> uplink_;
  std::vector<Observation> observations_;
  std::vector<Incident> incidents_;
};

}  // namespace assay::sim
