// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include "collector/core/admission.h"
#include "collector/core/bad_golden_guard.h"
#include "collector/core/rules.h"
#include "collector/core/suspicion.h"
#include "common/model/limits.h"

namespace assay::collector {
namespace {

void refuse(Step& step, const Incident& incident, const std::string& why) {
  ++step.counters.refused_items;
  step.note_rarely(fmt::format("refused/{}/{}", incident.node, why),
                   {"refused", incident.node, incident.device_id, incident.id, is_drill(incident.synthetic), why});
}

// Whether the incident may be taken up or may change the one that is known.
bool is_acceptable(Step& step, const Incident& incident, IncidentSource source) {
  if (incident.synthetic == Synthetic::kControl && incident.verdict != Verdict::kControlMissed) {
    refuse(step, incident, "a planted control is no incident unless it was missed");
    return false;
  }
  if (const IncidentView* known = step.find_incident(incident.id)) {
    if (known->device_id != incident.device_id || known->source != source || known->synthetic != incident.synthetic ||
        known->probe != incident.probe) {
      refuse(step, incident, "an incident of that id exists and is about something else");
      return false;
    }
    if (incident.updated < known->updated) return false;                                          // overtaken on the way
    return known->verdict == Verdict::kOpen || incident.verdict != Verdict::kOpen;                // a verdict is not taken back to open
  }
  const auto recent = std::count_if(step.state.incidents.begin(), step.state.incidents.end(), [&](const auto& entry) {
    return entry.second.device_id == incident.device_id && entry.second.received > step.now - std::chrono::hours{24};
  });
  if (recent < static_cast<int64_t>(limits::kIncidentsPerDevicePerDay)) return true;
  refuse(step, incident, fmt::format("more than {} incidents of one device within a day", limits::kIncidentsPerDevicePerDay));
  return false;
}

IncidentView& take_up(Step& step, const DeviceRecord& device, const Incident& incident, IncidentSource source) {
  const auto [entry, is_new] = step.state.incidents.try_emplace(incident.id);
  IncidentView& view = entry->second;
  const bool is_new_verdict = is_new ? incident.verdict != Verdict::kOpen : incident.verdict != view.verdict;
  if (is_new) {
    view.id = incident.id;
    view.device_id = incident.device_id;
    view.cohort = cohort_key(device.device);
    view.probe = incident.probe;
    view.synthetic = incident.synthetic;
    view.source = source;
    view.opened = incident.opened;
    view.received = step.now;
  }
  view.node = device.node;
  view.unit = incident.unit;
  view.tier = incident.tier;
  view.operand_set = incident.operand_set;
  view.verdict = incident.verdict;
  view.ran_on_silicon = incident.ran_on_silicon;
  if (incident.actual) view.actual = incident.actual;
  view.updated = incident.updated;
  view.last_received = step.now;
  step.changed(view);
  step.keep_whole(incident);
  const bool drill = is_drill(view.synthetic);
  if (is_new) {
    step.note({"incident", view.node, view.device_id, view.id, drill,
               fmt::format("{} operand set {} on unit {}", to_string(view.probe), view.operand_set, view.unit)});
  }
  if (is_new_verdict) step.note({"verdict", view.node, view.device_id, view.id, drill, std::string(to_string(view.verdict))});
  return view;
}

void on_unreproduced(Step& step, DeviceRecord& device, IncidentView& view, const Incident& incident) {
  const Step::World world = world_of(view.synthetic);
  if (Step::standing(device, world).state == DeviceState::kConfirming) {
    step.move(device, world, StateEvent::kUnreproduced, view.id);
  } else {
    step.move(device, world, StateEvent::kMismatch, view.id);
  }
  if (!view.has(DecisionKind::kSuspect) && !is_out_of_service(Step::standing(device, world).state)) {
    step.decide_about(DecisionKind::kSuspect, view,
                      fmt::format("{} was wrong once on unit {} and not again; a pass since proves little", to_string(view.probe), view.unit));
  }
  if (earlier_strike(step.state, view) == nullptr) return;
  view.recurrence = true;
  propose_quarantine(step, view, evidence_gap(step.book, incident));
}

void act_on_verdict(Step& step, DeviceRecord& device, IncidentView& view, const Incident& incident) {
  const Step::World world = world_of(view.synthetic);
  switch (view.verdict) {
    case Verdict::kOpen: step.move(device, world, StateEvent::kLadderStarted, view.id); return;
    case Verdict::kUnreproduced: on_unreproduced(step, device, view, incident); return;
    case Verdict::kProbeSuspect:
      if (world == Step::World::kDrill || !stands_accused(step.state, device, step.now)) step.move(device, world, StateEvent::kAcquittedProbe, "");
      return;
    case Verdict::kConfirmedUnit:
    case Verdict::kConfirmedDevice:
    case Verdict::kMemory:
    case Verdict::kHang:
    case Verdict::kControlMissed: propose_quarantine(step, view, evidence_gap(step.book, incident)); return;
  }
}

}  // namespace

void on_incident(Step& step, const Incident& incident, IncidentSource source) {
  if (!is_acceptable(step, incident, source)) return;
  DeviceRecord& device = step.device(incident.device_id);
  IncidentView& view = take_up(step, device, incident, source);
  if (view.status != IncidentStatus::kActive) return;

  if (!is_drill(view.synthetic)) {
    device.last_mismatch = step.now;
    step.changed(device);
    const FreezeKey key{view.probe, view.cohort};
    if (is_frozen(step.state, key)) {
      view.status = IncidentStatus::kRetracted;
      return;
    }
    if (const auto reason = bad_golden_reason(step.state, view, step.now)) {
      freeze_probe(step, key, *reason);
      return;
    }
  }
  act_on_verdict(step, device, view, incident);
}

}  // namespace assay::collector
