// SPDX-License-Identifier: Apache-2.0
#include "collector/core/fleet_core.h"

#include "collector/core/hook_plan.h"
#include "collector/core/rules.h"

namespace assay::collector {
namespace {

// One overload an event; only operators' events can be refused.
struct Dispatch {
  Step& step;
  Status operator()(const ReportReceived& event) const { on_report(step, event.report); return {}; }
  Status operator()(const HookFinished& event) const { on_hook_finished(step, event); return {}; }
  Status operator()(const OperatorRelease& event) const { return on_release(step, event); }
  Status operator()(const OperatorRetire& event) const { return on_retire(step, event); }
  Status operator()(const UnfreezeProbe& event) const { return on_unfreeze(step, event); }
  Status operator()(const BreakerReset& event) const { return on_breaker_reset(step, event); }
  Status operator()(const Tick&) const { on_tick(step); return {}; }
};

}  // namespace

const Decision* decision_in(const std::vector<Action>& actions) {
  for (const Action& action : actions) {
    if (const auto* record = std::get_if<RecordDecision>(&action)) return &record->decision;
  }
  return nullptr;
}

FleetCore::FleetCore(const ProbeBook& book, PolicyOptions options, FleetState state)
    : book_(book), options_(std::move(options)), state_(std::move(state)) {}

StepResult FleetCore::step(const Event& event, WallTime now) {
  Step step(state_, memory_, counters_, options_, book_, now);
  Status status = std::visit(Dispatch{step}, event);
  return {std::move(status), step.finish()};
}

}  // namespace assay::collector
