// SPDX-License-Identifier: Apache-2.0
#include "collector/core/admission.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "collector/core/breaker.h"
#include "collector/core/hook_plan.h"

namespace assay::collector {
namespace {

constexpr char kWaitsForBreaker[] = "breaker";
constexpr char kWaitsForCapacity[] = "capacity";

// What an operator reads first: verdict, probe, place.
std::string accusation(const IncidentView& incident) {
  if (incident.recurrence) {
    return fmt::format("second unreproduced mismatch within {} days, now {} on unit {}", limits::kRecurrenceWindow.count() / 24,
                       to_string(incident.probe), incident.unit);
  }
  return fmt::format("{}: {} operand set {} on unit {}", to_string(incident.verdict), to_string(incident.probe), incident.operand_set, incident.unit);
}

PolicyMode mode_of(const Step& step, const DeviceRecord& device, const IncidentView& incident) {
  return mode_for(step.options, device.device, incident.probe.id, incident.tier, incident.ran_on_silicon ? Silicon::kRan : Silicon::kNotYet);
}

void refuse_once(Step& step, IncidentView& incident, DecisionKind kind, const std::string& reason) {
  if (!incident.has(kind)) step.decide_about(kind, incident, reason);
}

void refuse_unproven(Step& step, DeviceRecord& device, IncidentView& incident, const std::string& gap) {
  incident.unproven = true;
  step.move(device, world_of(incident.synthetic), StateEvent::kUnreproduced, incident.id);
  step.changed(incident);
  refuse_once(step, incident, DecisionKind::kRefuse, fmt::format("evidence does not bear it: {}", gap));
}

void quarantine(Step& step, DeviceRecord& device, IncidentView& incident) {
  const bool drill = is_drill(incident.synthetic);
  step.move(device, world_of(incident.synthetic), StateEvent::kQuarantine, incident.id);
  if (!drill) device.last_quarantine = step.now;
  step.changed(device);
  const std::string reason = accusation(incident);
  const uint64_t decision = step.decide_about(DecisionKind::kQuarantine, incident, reason);
  plan_hook(step, HookAction::kDrain, device, &incident, decision, drill, reason);
}

void wait_for(Step& step, IncidentView& incident, const char* what, const std::string& reason) {
  incident.pending = what;
  step.changed(incident);
  refuse_once(step, incident, DecisionKind::kRefuse, fmt::format("{}: {}", accusation(incident), reason));
}

// The rules for real devices, once the evidence bears the accusation.
void admit(Step& step, DeviceRecord& device, IncidentView& incident) {
  const PolicyMode mode = mode_of(step, device, incident);
  if (mode == PolicyMode::kObserve) {
    refuse_once(step, incident, DecisionKind::kRefuse, fmt::format("observe mode: would quarantine for {}", accusation(incident)));
    return;
  }
  if (mode == PolicyMode::kAdvise) {
    refuse_once(step, incident, DecisionKind::kAdvise, fmt::format("advise mode: drain the node for {}", accusation(incident)));
    return;
  }
  if (!step.options.survey) {
    const BreakerAnswer answer = ask_breaker(step.state, step.options, incident.cohort, step.now);
    if (!answer.trips.empty()) {
      step.state.breaker.open[answer.trips] = step.now;
      step.act(SaveBreaker{step.state.breaker});
      step.note({"breaker_open", "", "", incident.id, false, answer.reason});
    }
    if (!answer.allowed) {
      wait_for(step, incident, kWaitsForBreaker, answer.reason);
      return;
    }
  }
  if (const auto gap = capacity_gap(step.state, step.options)) {
    wait_for(step, incident, kWaitsForCapacity, *gap);
    return;
  }
  quarantine(step, device, incident);
}

std::optional<std::string> digest_gap(const ProbeBook& book, const Incident& incident) {
  const BookEntry* entry = book.find(incident.probe);
  if (entry == nullptr || entry->goldens.empty()) {
    return fmt::format("the collector has no golden of {} to check it against; update the collector", to_string(incident.probe));
  }
  if (entry->tier == GoldenTier::kT3Quorum) return "a disagreement with a quorum alone never condemns a device";
  const auto golden = book.golden(incident.probe, incident.operand_set);
  if (!golden) return fmt::format("operand set {} of {} does not exist", incident.operand_set, to_string(incident.probe));
  if (incident.expected && *incident.expected != *golden) return "the node's golden differs from the collector's; reinstall the node's goldens";
  if (incident.actual && *incident.actual == *golden) return "the result it calls wrong is the golden one";
  if (!book.intact(incident.probe)) return "the collector's golden table is damaged in memory; restart the collector";
  return std::nullopt;
}

}  // namespace

bool is_out_of_service(DeviceState state) {
  return state == DeviceState::kQuarantined || state == DeviceState::kInRepair || state == DeviceState::kRetired;
}

std::optional<std::string> evidence_gap(const ProbeBook& book, const Incident& incident) {
  if (incident.tier == GoldenTier::kT3Quorum) return "a disagreement with a quorum alone never condemns a device";
  if (incident.verdict == Verdict::kHang || incident.verdict == Verdict::kControlMissed) return std::nullopt;
  if (auto gap = digest_gap(book, incident)) return gap;
  // The first sight and one more failure: a retest's, or an earlier incident's that the agent quotes. The re-read looks at the first one
  // again and is none of its own.
  const auto failures = std::count_if(incident.steps.begin(), incident.steps.end(),
                                      [](const EvidenceStep& s) { return s.mismatches > 0 && s.rung != Rung::kReread; });
  // An unreproduced one is only ever proposed together with an earlier one of the device, which the collector itself has seen.
  if (incident.verdict != Verdict::kUnreproduced && failures < 2) return "it names no second failure";
  return std::nullopt;
}

void propose_quarantine(Step& step, IncidentView& incident, const std::optional<std::string>& gap) {
  incident.pending.clear();
  step.changed(incident);
  DeviceRecord* device = step.find_device(incident.device_id);
  if (device == nullptr || incident.status != IncidentStatus::kActive || incident.has(DecisionKind::kQuarantine)) return;
  const Step::World world = world_of(incident.synthetic);
  if (is_out_of_service(Step::standing(*device, world).state)) return;

  step.move(*device, world, StateEvent::kLadderStarted, incident.id);
  if (gap) {
    refuse_unproven(step, *device, incident, *gap);
    return;
  }
  incident.unproven = false;
  Step::standing(*device, world).incident_id = incident.id;  // the proven one stands for the state
  step.changed(*device);
  if (world == Step::World::kDrill) {
    quarantine(step, *device, incident);
  } else {
    admit(step, *device, incident);
  }
}

void retry_pending(Step& step) {
  std::vector<IncidentView*> waiting;
  for (auto& [id, incident] : step.state.incidents) {
    if (!incident.pending.empty()) waiting.push_back(&incident);
  }
  std::sort(waiting.begin(), waiting.end(), [](const IncidentView* a, const IncidentView* b) { return a->received < b->received; });
  for (IncidentView* incident : waiting) {
    // Nothing to gain, and nothing to write, while what it waits for has not changed. One that would trip the breaker must do so.
    const DeviceRecord* device = step.find_device(incident->device_id);
    const bool enforced = device != nullptr && mode_of(step, *device, *incident) == PolicyMode::kEnforce;
    BreakerAnswer answer;
    if (!step.options.survey) answer = ask_breaker(step.state, step.options, incident->cohort, step.now);
    const bool is_held = !answer.allowed ? answer.trips.empty() : capacity_gap(step.state, step.options).has_value();
    if (enforced && is_held) continue;
    propose_quarantine(step, *incident, std::nullopt);
  }
}

}  // namespace assay::collector
