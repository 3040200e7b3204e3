// SPDX-License-Identifier: Apache-2.0
// The part of DeviceWatch that turns findings into incidents, verdicts and states.
#include <algorithm>

#include <fmt/format.h>

#include "agent/core/device_watch.h"

namespace assay::agent {
namespace {

constexpr std::chrono::minutes kQuietUnreproduced{1};   // the next mismatch after it counts as independent
constexpr std::chrono::hours kQuietProbeSuspect{24};    // every slice of a probe with a wrong golden fails

std::string summary(const Incident& incident) {
  return fmt::format("incident={} verdict={} probe={} device={} unit={} set={}", incident.id, to_string(incident.verdict), to_string(incident.probe),
                     incident.device_id, incident.unit, incident.operand_set);
}

}  // namespace

void DeviceWatch::say(News& news, RemarkKind kind, bool synthetic, std::string text) const {
  if (synthetic) text += " synthetic=drill";
  news.remarks.push_back({kind, synthetic, std::move(text)});
}

void DeviceWatch::move_to(DeviceState state, News& news) {
  if (state == state_) return;
  say(news, RemarkKind::kStateChanged, state_synthetic_,
      fmt::format("device={} from={} to={}", device_.id, to_string(state_), to_string(state)));
  state_ = state;
  news.memory_changed = true;
}

// A drill moves a device that is in no real trouble, and real trouble takes over from a drill.
void DeviceWatch::apply(StateEvent event, bool synthetic, News& news) {
  const bool calm = state_ == DeviceState::kUnknown || state_ == DeviceState::kInService;
  if (synthetic && !calm && !state_synthetic_) return;
  const DeviceState next = next_state(state_, event);
  if (next == state_ && (synthetic || !state_synthetic_)) return;
  state_synthetic_ = synthetic;
  move_to(next, news);
  news.memory_changed = true;
  if (state_ == DeviceState::kInService) state_synthetic_ = false;
}

bool DeviceWatch::is_explained(const Observation& observation, const UnitResult& unit, MonoTime now) const {
  if (condemned_.contains({unit.unit, observation.synthetic})) return true;
  const auto quiet = quiet_until_.find({observation.probe, unit.unit, observation.synthetic});
  return quiet != quiet_until_.end() && now < quiet->second;
}

void DeviceWatch::suspect(Waiting waiting, Instant now, News& news) {
  if (!ladder_) {
    open_ladder(waiting, now, news);
  } else if (waiting_.size() < kWaitingFindings) {
    waiting_.push_back(std::move(waiting));
  }
}

bool DeviceWatch::ran_on_silicon(std::string_view probe, std::string_view variant) const {
  return std::ranges::any_of(options_.variants, [&](const probes::ProbeVariant& offer) {
    return offer.probe == probe && offer.variant == variant && offer.runs() && offer.ran_on_silicon;
  });
}

std::string DeviceWatch::new_incident_id() { return fmt::format("inc-{:016x}", random_.next()); }

LadderStart DeviceWatch::ladder_start(const ProbeSpec& probe, std::string_view variant, uint32_t operand_set, std::string id, MonoTime now) const {
  LadderStart start;
  start.incident_id = std::move(id);
  start.node = options_.node;
  start.device_id = device_.id;
  start.probe = &probe;
  const auto index = static_cast<size_t>(&probe - probes_.data());
  const uint32_t place = scheduler_.coverage().variants().find(index, variant).value_or(0);
  for (uint32_t unit = 0; unit < device_.units.size(); ++unit) {
    if (!scheduler_.coverage().is_unsupported({index, unit, place}, now)) start.units.push_back(unit);
  }
  if (options_.golden) start.expected = options_.golden(probe.ref, operand_set);
  start.ran_on_silicon = ran_on_silicon(probe.ref.id, variant);
  return start;
}

void DeviceWatch::open_ladder(const Waiting& waiting, Instant now, News& news) {
  const Observation& observation = waiting.observation;
  const UnitResult& unit = observation.units[waiting.place];
  const auto probe = scheduler_.probe_index(observation.probe);
  if (!probe) return;
  const uint32_t operand_set = unit.records.empty() ? unit.first_set : unit.records.front().operand_set;
  const LadderStart start = ladder_start(probes_[*probe], observation.variant, operand_set, new_incident_id(), now.mono);
  ladder_power_steps_ = waiting.power_steps;
  ladder_ = waiting.hang ? Ladder::from_hang(start, observation, unit, now) : Ladder::from_mismatch(start, observation, unit, now);

  const Incident& incident = ladder_->incident();
  const bool synthetic = incident.synthetic != Synthetic::kNone;
  apply(StateEvent::kMismatch, synthetic, news);
  apply(StateEvent::kLadderStarted, synthetic, news);
  keep(incident);
  news.incidents.push_back(incident);
  news.memory_changed = true;
  say(news, RemarkKind::kIncidentOpened, synthetic, summary(incident));
}

void DeviceWatch::open_control_incident(const Observation& observation, const UnitResult& unit, Instant now, News& news) {
  say(news, RemarkKind::kControlMissed, false,
      fmt::format("probe={} device={} unit={}: a planted bit flip was reported as a match", to_string(observation.probe), device_.id, unit.unit));
  news.urgent = true;
  if (control_incident_open_) return;
  control_incident_open_ = true;
  Incident incident;
  incident.id = new_incident_id();
  incident.node = options_.node;
  incident.device_id = device_.id;
  incident.unit = unit.unit;
  incident.probe = observation.probe;
  const auto probe = scheduler_.probe_index(observation.probe);
  if (probe) incident.tier = probes_[*probe].tier;
  incident.operand_set = unit.first_set;
  incident.variant = observation.variant;
  incident.ran_on_silicon = ran_on_silicon(observation.probe.id, observation.variant);
  incident.verdict = Verdict::kControlMissed;  // the planted fault was synthetic; that it was not seen is real
  incident.opened = now.wall;
  incident.updated = now.wall;
  EvidenceStep step;
  step.at = now.wall;
  step.unit = unit.unit;
  step.runs = unit.runs;
  step.conditions = observation.conditions;
  step.detail = fmt::format("unit {}, operand set {}: planted bit flip not reported", unit.unit, unit.first_set);
  incident.steps.push_back(step);
  keep(incident);
  news.incidents.push_back(incident);
  say(news, RemarkKind::kVerdict, false, summary(incident));
  apply(StateEvent::kMismatch, false, news);
  news.memory_changed = true;
}

// A second independent mismatch that no retest reproduced, within 90 days of the first, confirms.
Incident DeviceWatch::with_recurrence(Incident incident, Instant now) const {
  const bool mismatch = !incident.steps.empty() && incident.steps.front().mismatches > 0;
  if (incident.verdict != Verdict::kUnreproduced || !mismatch || !may_condemn(incident.tier)) return incident;
  for (const Incident& earlier : incidents_) {
    const bool counts = earlier.id != incident.id && earlier.verdict == Verdict::kUnreproduced && earlier.synthetic == incident.synthetic &&
                        !earlier.steps.empty() && earlier.steps.front().mismatches > 0 &&
                        now.wall - earlier.updated < limits::kRecurrenceWindow;
    if (!counts) continue;
    EvidenceStep step;
    step.at = now.wall;
    step.unit = earlier.unit;
    step.runs = earlier.steps.front().runs;
    step.mismatches = earlier.steps.front().mismatches;
    step.detail = fmt::format("second mismatch within {} days; the first was {}", limits::kRecurrenceWindow.count() / 24, earlier.id);
    incident.steps.push_back(step);
    incident.verdict = earlier.unit == incident.unit ? Verdict::kConfirmedUnit : Verdict::kConfirmedDevice;
    break;
  }
  return incident;
}

void DeviceWatch::remember_verdict(const Incident& incident, Instant now) {
  const QuietKey cell{incident.probe, incident.unit, incident.synthetic};
  switch (incident.verdict) {
    case Verdict::kConfirmedUnit:
    case Verdict::kMemory:
    case Verdict::kHang: condemned_.insert({incident.unit, incident.synthetic}); break;
    case Verdict::kConfirmedDevice:
      for (uint32_t unit = 0; unit < device_.units.size(); ++unit) condemned_.insert({unit, incident.synthetic});
      break;
    case Verdict::kControlMissed: control_incident_open_ = true; break;
    case Verdict::kProbeSuspect:
      for (uint32_t unit = 0; unit < device_.units.size(); ++unit) {
        quiet_until_[{incident.probe, unit, incident.synthetic}] = now.mono + kQuietProbeSuspect;
      }
      break;
    case Verdict::kUnreproduced: quiet_until_[cell] = now.mono + kQuietUnreproduced; break;
    case Verdict::kOpen: break;
  }
}

bool DeviceWatch::under_other_suspicion(const Incident& incident) const {
  return suspected_by_collector_ || std::any_of(incidents_.begin(), incidents_.end(), [&](const Incident& other) {
    const bool as_real = other.synthetic == incident.synthetic || other.synthetic == Synthetic::kNone;
    return other.id != incident.id && as_real && (condemns(other.verdict) || other.verdict == Verdict::kUnreproduced);
  });
}

void DeviceWatch::finish_ladder(Instant now, News& news) {
  const Incident incident = with_recurrence(ladder_->incident(), now);
  ladder_.reset();
  const bool synthetic = incident.synthetic != Synthetic::kNone;
  keep(incident);
  remember_verdict(incident, now);
  news.incidents.push_back(incident);
  news.urgent = true;
  news.memory_changed = true;
  say(news, RemarkKind::kVerdict, synthetic, summary(incident));
  // Under suspicion until the collector decides; a pass since proves nothing. Only when the probe was at fault, and nothing else is held
  // against the device, is it taken back.
  const bool acquitted = incident.verdict == Verdict::kProbeSuspect && !under_other_suspicion(incident);
  apply(acquitted ? StateEvent::kAcquittedProbe : StateEvent::kUnreproduced, synthetic, news);
  while (!ladder_ && !waiting_.empty()) {
    const Waiting next = std::move(waiting_.front());
    waiting_.pop_front();
    if (!is_explained(next.observation, next.observation.units[next.place], now.mono)) open_ladder(next, now, news);
  }
}

void DeviceWatch::keep(const Incident& incident) {
  const auto known = std::find_if(incidents_.begin(), incidents_.end(), [&](const Incident& kept) { return kept.id == incident.id; });
  if (known != incidents_.end()) {
    *known = incident;
    return;
  }
  if (incidents_.size() >= kRecentIncidents) incidents_.pop_front();
  incidents_.push_back(incident);
}

}  // namespace assay::agent
