// SPDX-License-Identifier: Apache-2.0
// A small fleet for tests of the collector's rules: a made-up probe with goldens, devices that report, and a hand-moved clock.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "collector/core/fleet_core.h"
#include "common/base/random.h"
#include "probes/goldens/golden_set.h"

namespace assay::collector::test {

using std::chrono_literals::operator""h;
using std::chrono_literals::operator""min;
using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""s;

inline constexpr uint32_t kSets = 8;
inline const ProbeRef kProbe{"int.made_up", 1};        // T0 with goldens
inline const ProbeRef kOtherProbe{"fma.made_up", 1};   // T0 with goldens
inline const ProbeRef kUnknownProbe{"new.made_up", 1}; // not in the book
inline const ProbeRef kQuorumProbe{"mufu.made_up", 1}; // T3, no goldens

inline Digest golden(uint32_t set, const ProbeRef& probe = kProbe) { return {seed_from(probe.id, set), seed_from(probe.id, set + 1000)}; }
inline Digest wrong(uint64_t salt) { return {0xBAD, salt}; }

inline ProbeBook make_book() {
  std::map<ProbeRef, BookEntry> entries;
  for (const ProbeRef& probe : {kProbe, kOtherProbe}) {
    BookEntry entry{GoldenTier::kT0Analytic, kSets, {}, {}};
    for (uint32_t set = 0; set < kSets; ++set) entry.goldens.push_back(golden(set, probe));
    entry.golden_hash = probes::hash_of(entry.goldens);
    entries.emplace(probe, std::move(entry));
  }
  entries.emplace(kQuorumProbe, BookEntry{GoldenTier::kT3Quorum, kSets, {}, {}});
  return ProbeBook(std::move(entries));
}

// A unit that ran `runs` times from `set` on, all right.
inline UnitResult pass(uint32_t unit = 0, uint32_t set = 0, uint32_t runs = 4, const ProbeRef& probe = kProbe) {
  UnitResult result;
  result.unit = unit;
  result.first_set = set;
  result.set_count = 2;
  result.runs = runs;
  result.outcome = Outcome::kMatch;
  result.reason = Inconclusive::kNone;
  result.busy = 1ms;
  RunFold fold;
  for (uint32_t i = 0; i < runs; ++i) {
    const uint32_t at = operand_set_of_run(result, i, kSets);
    fold.add(at, golden(at, probe));
  }
  result.fold = fold.value();
  return result;
}
// One of its runs was wrong and it says so.
inline UnitResult failure(uint32_t unit = 0, uint32_t set = 0, uint64_t salt = 1) {
  UnitResult result = pass(unit, set);
  result.outcome = Outcome::kMismatch;
  result.mismatches = 1;
  result.fold = wrong(salt);
  return result;
}
// Wrong, and it says that it matched.
inline UnitResult blind(uint32_t unit = 0, uint32_t set = 0, uint32_t runs = 4, uint64_t salt = 1) {
  UnitResult result = pass(unit, set, runs);
  result.fold = wrong(salt);
  return result;
}
inline UnitResult nothing(Inconclusive reason) {
  UnitResult result;
  result.reason = reason;
  return result;
}

inline Observation observation(const std::string& device, std::vector<UnitResult> units, Synthetic synthetic = Synthetic::kNone,
                               const ProbeRef& probe = kProbe) {
  Observation out;
  out.device_id = device;
  out.probe = probe;
  out.variant = "scalar";
  out.synthetic = synthetic;
  out.conditions.temperature_celsius = 50.0;
  out.units = std::move(units);
  return out;
}

inline std::string node_of(std::string_view device) { return fmt::format("node-{}", device); }

// Whatever was done, most recent step last.
class FleetBench {
 public:
  static PolicyOptions enforcing() {
    PolicyOptions options;
    options.mode = PolicyMode::kEnforce;
    options.hook = true;
    options.drill_hook = true;
    return options;
  }
  explicit FleetBench(PolicyOptions options = enforcing()) : book(make_book()), core(book, std::move(options), {}) {}

  Device device(const std::string& id) const {
    Device d;
    d.id = id;
    d.identity_is_hardware = true;
    d.model = "made up";
    d.architecture = "x86_64/test";
    d.units = {0, 1, 2, 3};
    return d;
  }
  // A report of the device's own node, with that device alone.
  Report report(const std::string& device_id) const { return report(node_of(device_id), {device_id}); }
  Report report(const std::string& node, const std::vector<std::string>& devices) const {
    Report out;
    out.node = node;
    out.stream = "s";
    out.boot_id = "b";
    out.sent.wall = now;
    for (const std::string& id : devices) {
      DeviceStatus status;
      status.device = device(id);
      out.devices.push_back(status);
    }
    return out;
  }
  Incident incident(const std::string& id, const std::string& device_id, Verdict verdict, uint32_t set = 0, uint64_t salt = 0,
                    Synthetic synthetic = Synthetic::kNone) const {
    Incident out;
    out.id = id;
    out.node = node_of(device_id);
    out.device_id = device_id;
    out.unit = 2;
    out.probe = kProbe;
    out.operand_set = set;
    out.synthetic = synthetic;
    out.verdict = verdict;
    out.opened = now;
    out.updated = now;
    out.expected = golden(set);
    // By default every device has its own wrong digest, as broken parts have.
    out.actual = wrong(salt != 0 ? salt : seed_from(device_id, 7));
    out.steps.resize(2);
    out.steps[0].runs = out.steps[0].mismatches = 1;
    out.steps[1].rung = Rung::kSameUnit;
    out.steps[1].runs = 10;
    out.steps[1].mismatches = verdict == Verdict::kUnreproduced || verdict == Verdict::kOpen ? 0 : 3;
    return out;
  }

  StepResult step(const Event& event) {
    StepResult result = core.step(event, now);
    last = result.actions;
    all.insert(all.end(), result.actions.begin(), result.actions.end());
    return result;
  }
  StepResult send(Report report) { return step(ReportReceived{std::move(report)}); }
  StepResult send_units(const std::string& device_id, std::vector<UnitResult> units, Synthetic synthetic = Synthetic::kNone,
                        const ProbeRef& probe = kProbe) {
    Report out = report(device_id);
    out.observations.push_back(observation(device_id, std::move(units), synthetic, probe));
    return send(std::move(out));
  }
  StepResult send_incident(const Incident& found) {
    Report out = report(found.device_id);
    out.incidents.push_back(found);
    return send(std::move(out));
  }
  // Opens and condemns in one report, on an operand set of the device's own.
  void condemn(const std::string& device_id) {
    send_incident(incident("inc-" + device_id, device_id, Verdict::kConfirmedUnit, static_cast<uint32_t>(seed_from(device_id, 1) % kSets)));
  }
  void tick(Duration later = 0s) {
    now += later;
    step(Tick{});
  }
  // Devices d0, d1, ... that have passed once.
  void populate(int count) {
    for (int i = 0; i < count; ++i) send_units(fmt::format("d{}", i), {pass()});
  }

  const DeviceRecord& at(const std::string& id) const { return core.state().devices.at(id); }
  DeviceState state(const std::string& id) const { return at(id).shown().state; }
  const IncidentView& view(const std::string& id) const { return core.state().incidents.at(id); }
  std::vector<Decision> decisions(DecisionKind kind) const {
    std::vector<Decision> out;
    for (const Action& action : all) {
      const auto* record = std::get_if<RecordDecision>(&action);
      if (record != nullptr && record->decision.kind == kind) out.push_back(record->decision);
    }
    return out;
  }
  template <typename T>
  static size_t count(const std::vector<Action>& actions) {
    size_t n = 0;
    for (const Action& action : actions) n += std::holds_alternative<T>(action) ? 1 : 0;
    return n;
  }
  size_t notices(std::string_view kind) const {
    size_t n = 0;
    for (const Action& action : all) {
      const auto* note = std::get_if<NoteEvent>(&action);
      if (note != nullptr && note->notice.kind == kind) ++n;
    }
    return n;
  }
  std::vector<HookRecord> started() const {
    std::vector<HookRecord> out;
    for (const Action& action : all) {
      if (const auto* start = std::get_if<StartHook>(&action)) out.push_back(start->hook);
    }
    return out;
  }

  ProbeBook book;
  WallTime now = from_unix_ms(1'800'000'000'000);
  FleetCore core;
  std::vector<Action> last;
  std::vector<Action> all;
};

}  // namespace assay::collector::test
