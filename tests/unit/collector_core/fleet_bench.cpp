// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/collector_core/fleet_bench.h"

#include <fmt/format.h>

#include <map>
#include <utility>
#include <variant>

#include "common/base/random.h"
#include "probes/goldens/golden_set.h"

namespace assay::collector::test {

Digest golden(uint32_t set, const ProbeRef& probe) { return {seed_from(probe.id, set), seed_from(probe.id, set + 1000)}; }

Digest wrong(uint64_t salt) { return {0xBAD, salt}; }

ProbeBook make_book() {
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

UnitResult pass(uint32_t unit, uint32_t set, uint32_t runs, const ProbeRef& probe) {
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

UnitResult failure(uint32_t unit, uint32_t set, uint64_t salt) {
  UnitResult result = pass(unit, set);
  result.outcome = Outcome::kMismatch;
  result.mismatches = 1;
  result.fold = wrong(salt);
  return result;
}

UnitResult blind(uint32_t unit, uint32_t set, uint32_t runs, uint64_t salt) {
  UnitResult result = pass(unit, set, runs);
  result.fold = wrong(salt);
  return result;
}

UnitResult nothing(Inconclusive reason) {
  UnitResult result;
  result.reason = reason;
  return result;
}

Observation observation(const std::string& device, std::vector<UnitResult> units, Synthetic synthetic, const ProbeRef& probe) {
  Observation out;
  out.device_id = device;
  out.probe = probe;
  out.variant = "scalar";
  out.synthetic = synthetic;
  out.conditions.temperature_celsius = 50.0;
  out.units = std::move(units);
  return out;
}

std::string node_of(std::string_view device) { return fmt::format("node-{}", device); }

PolicyOptions FleetBench::enforcing() {
  PolicyOptions options;
  options.mode = PolicyMode::kEnforce;
  options.hook = true;
  options.drill_hook = true;
  return options;
}

FleetBench::FleetBench(PolicyOptions options) : book(make_book()), core(book, std::move(options), {}) {}

FleetBench::~FleetBench() = default;

Device FleetBench::device(const std::string& id) const {
  Device d;
  d.id = id;
  d.identity_is_hardware = true;
  d.model = "made up";
  d.kind = device_kind;
  d.architecture = "x86_64/test";
  d.units = {0, 1, 2, 3};
  return d;
}

Report FleetBench::report(const std::string& device_id) const { return report(node_of(device_id), {device_id}); }

Report FleetBench::report(const std::string& node, const std::vector<std::string>& devices) const {
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

Incident FleetBench::incident(const std::string& id, const std::string& device_id, Verdict verdict, uint32_t set, uint64_t salt,
                              Synthetic synthetic) const {
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

StepResult FleetBench::step(const Event& event) {
  StepResult result = core.step(event, now);
  last = result.actions;
  all.insert(all.end(), result.actions.begin(), result.actions.end());
  return result;
}

StepResult FleetBench::send(Report report) { return step(ReportReceived{std::move(report)}); }

StepResult FleetBench::send_units(const std::string& device_id, std::vector<UnitResult> units, Synthetic synthetic, const ProbeRef& probe) {
  Report out = report(device_id);
  out.observations.push_back(observation(device_id, std::move(units), synthetic, probe));
  return send(std::move(out));
}

StepResult FleetBench::send_incident(const Incident& found) {
  Report out = report(found.device_id);
  out.incidents.push_back(found);
  return send(std::move(out));
}

void FleetBench::condemn(const std::string& device_id) {
  send_incident(incident("inc-" + device_id, device_id, Verdict::kConfirmedUnit, static_cast<uint32_t>(seed_from(device_id, 1) % kSets)));
}

void FleetBench::tick(Duration later) {
  now += later;
  step(Tick{});
}

void FleetBench::populate(int count) {
  for (int i = 0; i < count; ++i) send_units(fmt::format("d{}", i), {pass()});
}

const DeviceRecord& FleetBench::at(const std::string& id) const { return core.state().devices.at(id); }

DeviceState FleetBench::state(const std::string& id) const { return at(id).shown().state; }

const IncidentView& FleetBench::view(const std::string& id) const { return core.state().incidents.at(id); }

std::vector<Decision> FleetBench::decisions(DecisionKind kind) const {
  std::vector<Decision> out;
  for (const Action& action : all) {
    const auto* record = std::get_if<RecordDecision>(&action);
    if (record != nullptr && record->decision.kind == kind) out.push_back(record->decision);
  }
  return out;
}

size_t FleetBench::notices(std::string_view kind) const {
  size_t n = 0;
  for (const Action& action : all) {
    const auto* note = std::get_if<NoteEvent>(&action);
    if (note != nullptr && note->notice.kind == kind) ++n;
  }
  return n;
}

std::vector<HookRecord> FleetBench::started() const {
  std::vector<HookRecord> out;
  for (const Action& action : all) {
    if (const auto* start = std::get_if<StartHook>(&action)) out.push_back(start->hook);
  }
  return out;
}

}  // namespace assay::collector::test
