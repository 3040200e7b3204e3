// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <chrono>

#include <fmt/format.h>

#include "collector/core/admission.h"
#include "collector/core/bad_golden_guard.h"
#include "collector/core/recheck.h"
#include "collector/core/rules.h"
#include "common/base/random.h"
#include "common/model/limits.h"

namespace assay::collector {
namespace {

constexpr size_t kProbesPerDevice = 512;            // beside which a device's counts do not grow
constexpr uint32_t kBlindNeeded = 2;                // wrong digests called a match, unless one is strong enough
constexpr uint32_t kStrongRuns = 2;                 // in one T0/T1 slice: not a single bit lost on the way
constexpr std::chrono::hours kBlindAgain{24};       // a new incident about the same blindness at the earliest

// What was noticed in one observation, strongest last.
enum class Finding : uint8_t { kNone, kCrash, kHang, kMinority, kContradiction, kMismatch, kBlind };

std::string_view name_of(Finding finding) {
  constexpr std::array<std::string_view, 7> kNames = {"", "crash", "hang", "minority", "contradiction", "mismatch", "blind"};
  return kNames[static_cast<size_t>(finding)];
}

void visit_unit(std::string& bitmap, uint32_t unit) {
  if (unit >= limits::kUnitsPerDevice) return;
  if (bitmap.size() <= unit / 8) bitmap.resize(unit / 8 + 1);
  bitmap[unit / 8] = static_cast<char>(static_cast<unsigned char>(bitmap[unit / 8]) | (1u << (unit % 8)));
}

std::optional<Rollup::Range> range_of(const std::optional<double>& value) {
  if (!value) return std::nullopt;
  return Rollup::Range{*value, *value};
}

// One observation of one device, from its units to what follows.
class Intake {
 public:
  Intake(Step& step, Recheck& recheck, DeviceRecord& device, const Observation& observation, Rollup& rollup)
      : step_(step), recheck_(recheck), device_(device), observation_(observation), rollup_(rollup) {}

  void run() {
    ++step_.counters.observations;
    if (observation_.synthetic == Synthetic::kControl) {
      take_control();
      return;
    }
    for (const UnitResult& unit : observation_.units) take_unit(unit);
    if (finding_ != Finding::kNone) {
      step_.act(SaveObservation{device_.node, step_.now, std::string(name_of(finding_)), observation_});
      say_finding();
    }
    if (is_real()) take_conditions();
    conclude();
  }

 private:
  bool is_real() const { return observation_.synthetic == Synthetic::kNone; }
  Step::World world() const { return world_of(observation_.synthetic); }
  void find(Finding finding) { finding_ = std::max(finding_, finding); }
  void tell_nothing(std::string_view reason) {
    if (!is_real()) return;
    ++rollup_.inconclusive;
    ++rollup_.reasons[std::string(reason)];
  }

  void take_control() {
    const bool compared = std::any_of(observation_.units.begin(), observation_.units.end(), [](const UnitResult& u) { return u.outcome != Outcome::kInconclusive; });
    if (!compared) return;
    const bool is_seen =
        std::any_of(observation_.units.begin(), observation_.units.end(), [](const UnitResult& u) { return u.outcome == Outcome::kMismatch; });
    ++device_.controls;
    ++rollup_.controls;
    ++step_.counters.controls;
    if (!is_seen) {
      ++device_.controls_missed;
      ++rollup_.controls_missed;
      ++step_.counters.controls_missed;
      step_.note({"control_missed", device_.node, device_.device.id, "", false,
                  fmt::format("{}: a planted fault was not reported", to_string(observation_.probe))});
    }
    step_.changed(device_);
  }

  void take_unit(const UnitResult& unit) {
    if (is_real()) {
      visit_unit(rollup_.units, unit.unit);
      rollup_.busy += unit.busy;
    }
    const CheckedUnit checked = recheck_.check(observation_.probe, unit);
    switch (checked.check) {
      case Check::kNothing: take_untold(unit); break;
      case Check::kAgreed:
        step_.counters.rechecked_runs += unit.runs;
        if (is_real()) rollup_.rechecked += unit.runs;
        take_claim(unit);
        break;
      case Check::kNoGolden: take_unknown(unit); break;
      case Check::kUnchecked:
        ++step_.counters.unchecked;
        tell_nothing("unchecked");
        break;
      case Check::kContradiction:
        ++step_.counters.contradictions;
        tell_nothing("contradiction");
        find(Finding::kContradiction);
        break;
      case Check::kBlind:
        ++step_.counters.blind;
        tell_nothing("blind");
        find(Finding::kBlind);
        if (blind_ == nullptr || unit.runs > blind_->runs) {
          blind_ = &unit;
          blind_expected_ = checked.expected;
        }
        break;
    }
  }

  // No complete run, or the agent itself says that it could not tell.
  void take_untold(const UnitResult& unit) {
    const Inconclusive reason = unit.outcome == Outcome::kInconclusive ? unit.reason : Inconclusive::kNotExecuted;
    tell_nothing(to_string(reason));
    if (reason == Inconclusive::kHang) find(Finding::kHang);
    if (reason == Inconclusive::kCrash) find(Finding::kCrash);
  }

  void take_claim(const UnitResult& unit) {
    const uint32_t wrong = std::min(unit.mismatches, unit.runs);
    if (is_real()) {
      rollup_.mismatch += wrong;
      rollup_.match += unit.runs - wrong;
    }
    if (wrong == 0) {
      has_pass_ = true;
    } else {
      find(Finding::kMismatch);
      if (!mismatch_unit_) mismatch_unit_ = unit.unit;
    }
  }

  // No golden here: the agent's word stands, the cohort may object.
  void take_unknown(const UnitResult& unit) {
    if (unit.outcome == Outcome::kInconclusive) {
      take_untold(unit);
    } else {
      take_claim(unit);
    }
    if (!is_real()) return;
    const std::string cohort = cohort_key(device_.device);
    const std::string driver = device_.device.kind == DeviceKind::kGpu ? device_.device.firmware : "";
    const WorkKey key{cohort, observation_.probe, unit.first_set, unit.set_count, unit.runs, observation_.variant, driver};
    const auto above_suspicion = [&](const std::string& id) {
      const DeviceRecord* device = step_.find_device(id);
      return device != nullptr && (device->real.state == DeviceState::kUnknown || device->real.state == DeviceState::kInService);
    };
    const PeerWord word = step_.memory.peers.add(key, device_.device.id, device_.node, unit.fold, step_.now, above_suspicion);
    for (const std::string& id : word.minority) accuse_minority(id, key);
    if (!word.two_camps) return;
    step_.note_rarely(fmt::format("two_camps/{}/{}", cohort, to_string(observation_.probe)),
                      {"two_camps", device_.node, device_.device.id, "", false,
                       fmt::format("several nodes of {} agree on another digest of {} than the quorum: another build? Nobody is accused; raise its version",
                                   cohort, to_string(observation_.probe))});
  }

  void accuse_minority(const std::string& id, const WorkKey& key) {
    DeviceRecord* device = step_.find_device(id);
    if (device == nullptr) return;
    ++step_.counters.minorities;
    if (id == device_.device.id) find(Finding::kMinority);
    if (is_frozen(step_.state, {key.probe, key.cohort}) || is_out_of_service(device->real.state)) return;
    device->last_mismatch = step_.now;
    step_.changed(*device);
    step_.move(*device, Step::World::kReal, StateEvent::kMismatch, "");
    Decision decision;
    decision.kind = DecisionKind::kSuspect;
    decision.actor = "policy";
    decision.node = device->node;
    decision.device_id = id;
    decision.probe = to_string(key.probe);
    decision.reason = fmt::format("its digest of {} differs from the quorum of its cohort on the same work; watch it", to_string(key.probe));
    decision.state_after = device->real.state;
    step_.decide(std::move(decision));
  }

  void say_finding() {
    const std::string place = mismatch_unit_ ? fmt::format(" on unit {}", *mismatch_unit_) : "";
    const std::string key = fmt::format("finding/{}/{}/{}/{}", name_of(finding_), device_.device.id, to_string(observation_.probe),
                                        to_string(observation_.synthetic));
    step_.note_rarely(key, {std::string(name_of(finding_)), device_.node, device_.device.id, "", !is_real(),
                            fmt::format("{}{}", to_string(observation_.probe), place)});
  }

  void take_conditions() {
    rollup_.last = step_.now;
    Rollup seen;
    seen.temperature_celsius = range_of(observation_.conditions.temperature_celsius);
    seen.power_watts = range_of(observation_.conditions.power_watts);
    seen.clock_hertz = range_of(observation_.conditions.clock_hertz);
    seen.last = step_.now;
    merge(rollup_, seen);
  }

  void conclude() {
    if (blind_ != nullptr) take_blind();
    if (mismatch_unit_) {
      take_mismatch();
    } else if (has_pass_ && is_real() && blind_ == nullptr) {
      step_.move(device_, Step::World::kReal, StateEvent::kFirstPass, "");
    }
  }

  void take_mismatch() {
    if (is_real() && is_frozen(step_.state, {observation_.probe, cohort_key(device_.device)})) return;
    const DeviceState state = Step::standing(device_, world()).state;
    if (is_real()) {
      device_.last_mismatch = step_.now;
      step_.changed(device_);
    }
    // While retests run their mismatches are the incident's business.
    if (state != DeviceState::kConfirming) step_.move(device_, world(), StateEvent::kMismatch, "");
  }

  // The node vouched for a wrong result: its passes are worth nothing. Our own incident, by the same rules as any other.
  void take_blind() {
    uint32_t& seen = is_real() ? device_.blind_observations : device_.blind_drill_observations;
    ++seen;
    step_.changed(device_);
    const BookEntry* entry = step_.book.find(observation_.probe);
    const bool is_strong = entry->tier <= GoldenTier::kT1Emulated && blind_->runs >= kStrongRuns;
    if (!is_strong && seen < kBlindNeeded) return;
    if (is_out_of_service(Step::standing(device_, world()).state) || has_fresh_blind_incident()) return;
    on_incident(step_, blind_incident(entry->tier), IncidentSource::kCollector);
  }

  bool has_fresh_blind_incident() const {
    return std::any_of(step_.state.incidents.begin(), step_.state.incidents.end(), [&](const auto& other) {
      const IncidentView& view = other.second;
      return view.source == IncidentSource::kCollector && view.device_id == device_.device.id && view.status == IncidentStatus::kActive &&
             view.synthetic == observation_.synthetic && step_.now - view.received < kBlindAgain;
    });
  }

  Incident blind_incident(GoldenTier tier) const {
    const auto nanoseconds = static_cast<uint64_t>(step_.now.time_since_epoch().count());
    Incident incident;
    incident.id = fmt::format("inc-{:016x}", seed_from(fmt::format("blind/{}/{}", device_.device.id, to_string(observation_.synthetic)), nanoseconds));
    incident.node = device_.node;
    incident.device_id = device_.device.id;
    incident.unit = blind_->unit;
    incident.probe = observation_.probe;
    incident.tier = tier;
    incident.operand_set = blind_->first_set;
    incident.variant = observation_.variant;
    incident.synthetic = observation_.synthetic;
    incident.verdict = Verdict::kControlMissed;
    incident.opened = step_.now;
    incident.updated = step_.now;
    incident.expected = blind_expected_;
    incident.actual = blind_->fold;
    EvidenceStep evidence;
    evidence.at = step_.now;
    evidence.detail = fmt::format("the agent said match but the digest differs from the golden (digests folded over {} runs of {} operand sets from {})",
                                  blind_->runs, blind_->set_count, blind_->first_set);
    evidence.unit = blind_->unit;
    evidence.runs = blind_->runs;
    evidence.mismatches = blind_->runs;
    evidence.conditions = observation_.conditions;
    incident.steps.push_back(std::move(evidence));
    return incident;
  }

  Step& step_;
  Recheck& recheck_;
  DeviceRecord& device_;
  const Observation& observation_;
  Rollup& rollup_;
  Finding finding_ = Finding::kNone;
  bool has_pass_ = false;
  std::optional<uint32_t> mismatch_unit_;
  const UnitResult* blind_ = nullptr;
  Digest blind_expected_;
};

void refuse(Step& step, const std::string& node, const std::string& device, const std::string& why) {
  ++step.counters.refused_items;
  step.note_rarely(fmt::format("refused/{}/{}", node, why), {"refused", node, device, "", false, why});
}

// Adds what the report gave to the totals of the device and to the store.
void book(Step& step, const Rollup& rollup) {
  if (rollup.last == WallTime{} && rollup.controls == 0) return;  // drills only: they never count
  DeviceCounts& counts = step.state.counts[rollup.device_id];
  ProbeCounts& probe = counts.probes[rollup.probe];
  probe.match += rollup.match;
  probe.mismatch += rollup.mismatch;
  probe.inconclusive += rollup.inconclusive;
  probe.last = std::max(probe.last, rollup.last);
  for (const auto& [reason, count] : rollup.reasons) counts.inconclusive_by_reason[reason] += count;
  step.act(AddRollup{rollup});
}

}  // namespace

void on_observations(Step& step, const Report& report, const std::set<std::string>& allowed) {
  Recheck recheck(step.book);
  std::map<std::pair<std::string, ProbeRef>, Rollup> rollups;
  const int64_t hour = std::chrono::floor<std::chrono::hours>(step.now).time_since_epoch().count();
  for (const Observation& observation : report.observations) {
    if (!allowed.contains(observation.device_id)) {
      refuse(step, report.node, observation.device_id, "an observation of a device the node may not speak for");
      continue;
    }
    const auto counts = step.state.counts.find(observation.device_id);
    if (counts != step.state.counts.end() && counts->second.probes.size() >= kProbesPerDevice &&
        !counts->second.probes.contains(observation.probe)) {
      refuse(step, report.node, observation.device_id, fmt::format("more than {} probes on one device", kProbesPerDevice));
      continue;
    }
    Rollup& rollup = rollups[{observation.device_id, observation.probe}];
    rollup.device_id = observation.device_id;
    rollup.probe = observation.probe;
    rollup.hour = hour;
    Intake(step, recheck, step.device(observation.device_id), observation, rollup).run();
  }
  for (const auto& [key, rollup] : rollups) book(step, rollup);
}

}  // namespace assay::collector
