// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/agent/core_fixture.h"

namespace assay::agent::test {

Instant at(Duration since_start) {
  return {from_unix_ms(1'800'000'000'000) + since_start, MonoTime{std::chrono::hours{1}} + since_start};
}

std::vector<ProbeSpec> three_probes() {
  std::vector<ProbeSpec> probes(3);
  probes[0].ref = {"alpha.one", 1};
  probes[0].weight = 4;
  probes[1].ref = {"beta.two", 1};
  probes[1].weight = 2;
  probes[2].ref = {"gamma.three", 1};
  probes[2].weight = 1;
  for (ProbeSpec& probe : probes) probe.operand_sets = 64;
  return probes;
}

std::vector<probes::ProbeVariant> two_variants() {
  return {{"cpu-test", "alpha.one", "wide", "the vector unit", "", true},
          {"cpu-test", "alpha.one", "narrow", "the scalar unit", "", true},
          {"cpu-test", "beta.two", "wide", "the vector unit", "", true}};
}

Variants variants_of(const std::vector<ProbeSpec>& probes) {
  return std::make_shared<const VariantTable>(probes, two_variants());
}

Device device_with(uint32_t units, std::string id) {
  Device device;
  device.id = std::move(id);
  device.model = "test";
  device.architecture = "x86_64/test";
  for (uint32_t unit = 0; unit < units; ++unit) device.units.push_back(unit);
  return device;
}

Digest right_digest(uint32_t operand_set) { return {1000 + uint64_t{operand_set}, 7}; }

Machine healthy() {
  return [](const SliceOrder&, uint32_t, uint32_t set) { return UnitAnswer{Outcome::kMatch, Inconclusive::kNone, right_digest(set), false}; };
}

Machine faulty_unit(uint32_t bad) {
  return [bad](const SliceOrder&, uint32_t unit, uint32_t set) {
    if (unit != bad) return UnitAnswer{Outcome::kMatch, Inconclusive::kNone, right_digest(set), false};
    return UnitAnswer{Outcome::kMismatch, Inconclusive::kNone, {99 + uint64_t{unit}, set}, false};
  };
}

MismatchRecord record_of(uint32_t set, const UnitAnswer& answer) {
  MismatchRecord record;
  record.operand_set = set;
  record.word_index = 5;
  record.expected = right_digest(set).high;
  record.actual = answer.digest.high;
  record.reread = answer.reread_right ? record.expected : record.actual;
  return record;
}

SliceResult run_on(const Machine& machine, const SliceOrder& order, Instant now, uint32_t runs) {
  SliceResult result = failed_result(order, Inconclusive::kNotExecuted, now.wall, order.max_runs == 0 ? work_time(order) : Duration(5ms));
  result.digests.resize(order.work.size());
  for (size_t place = 0; place < order.work.size(); ++place) {
    UnitResult& unit = result.observation.units[place];
    const uint32_t wanted = order.max_runs == 0 ? runs : order.max_runs;
    for (uint32_t run = 0; run < wanted; ++run) {
      const uint32_t set = operand_set_of_run(unit, run, order.probe->operand_sets);
      UnitAnswer answer = machine(order, unit.unit, set);
      if (order.purpose == Purpose::kControl && order.injection.unit == unit.unit && answer.outcome == Outcome::kMatch) answer.outcome = Outcome::kMismatch;
      unit.outcome = answer.outcome == Outcome::kMismatch || unit.mismatches > 0 ? Outcome::kMismatch : answer.outcome;
      unit.reason = answer.reason;
      if (answer.outcome == Outcome::kInconclusive) break;
      ++unit.runs;
      if (order.report_digests) result.digests[place].push_back(answer.digest);
      if (answer.outcome != Outcome::kMismatch) continue;
      ++unit.mismatches;
      if (unit.records.size() < 4) unit.records.push_back(record_of(set, answer));
    }
    if (unit.mismatches > 0) unit.reason = Inconclusive::kNone;
  }
  return result;
}

}  // namespace assay::agent::test
