// SPDX-License-Identifier: Apache-2.0
// Every rule of the fleet behind one door: step(event, now) gives the actions. No clock, no I/O, no log; equal events give equal
// actions, so a run can be replayed and a simulator can drive it.
//
// Where the rules are: report_intake (what a report changes), recheck and peer_comparison (the second verdict), incident_intake (what
// a verdict starts), admission with breaker and bad_golden_guard (may it be drained?), suspicion (what ages), hook_plan (drains until
// done), operator_rules, tick_rules.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "collector/core/action.h"
#include "collector/core/event.h"
#include "collector/core/fleet_state.h"
#include "collector/core/peer_comparison.h"
#include "collector/core/policy_options.h"
#include "collector/core/probe_book.h"
#include "collector/core/step.h"
#include "common/base/result.h"

namespace assay::collector {

struct StepResult {
  Status status;                      // not ok only for operators' events that were refused; then there are no actions
  std::vector<Action> actions;
};
// The first decision among the actions, the one that was asked for (what follows from it comes after); nullptr when there is none.
const Decision* decision_in(const std::vector<Action>& actions);

// Single-threaded: the writer thread owns it. Times given must not run backwards by more than a clock correction; windows clamp.
class FleetCore {
 public:
  // `book` must outlive the core. `state` as loaded from the store, or empty.
  FleetCore(const ProbeBook& book, PolicyOptions options, FleetState state);

  StepResult step(const Event& event, WallTime now);

  // Takes new options (reload); they hold from the next step on.
  void set_options(PolicyOptions options) { options_ = std::move(options); }
  const PolicyOptions& options() const { return options_; }
  const FleetState& state() const { return state_; }
  // Since this object was made: for metrics.
  const FleetCounters& counters() const { return counters_; }

 private:
  const ProbeBook& book_;
  PolicyOptions options_;
  FleetState state_;
  Memory memory_;
  FleetCounters counters_;
};

}  // namespace assay::collector
