// SPDX-License-Identifier: Apache-2.0
#include "ctl/probe_report.h"

#include <algorithm>

#include <fmt/format.h>

#include "ctl/incident_evidence.h"
#include "ctl/json_writer.h"
#include "ctl/page_text.h"
#include "probes/catalogue/catalogue.h"

namespace assay::ctl {
namespace {

constexpr size_t kRecordsShown = 4;
constexpr size_t kWrongDigestsShown = 16;

std::vector<DigestGroup> group_digests(const probes::UnitRun& run, const std::vector<Digest>& goldens, uint32_t operand_sets) {
  std::vector<DigestGroup> groups;
  for (uint32_t i = 0; i < run.digests.size(); ++i) {
    const uint32_t set = operand_set_of_run(run.result, i, operand_sets);
    const auto same = std::find_if(groups.begin(), groups.end(),
                                   [&](const DigestGroup& g) { return g.operand_set == set && g.digest == run.digests[i]; });
    if (same != groups.end()) {
      ++same->runs;
      continue;
    }
    DigestGroup group{set, run.digests[i], std::nullopt, 1};
    if (set < goldens.size()) group.golden = goldens[set];
    groups.push_back(group);
  }
  return groups;
}

double runs_per_second(const UnitReport& unit) {
  const double seconds = to_seconds(unit.busy);
  return seconds > 0 ? unit.runs / seconds : 0;
}

std::string rate(const UnitReport& unit) {
  const double value = runs_per_second(unit);
  return value > 0 ? fmt::format("{:.4g}/s", value) : kAbsent;
}

Cell outcome_cell(const UnitReport& unit) {
  const std::string outcome(to_string(unit.outcome));
  if (unit.outcome == Outcome::kInconclusive) return {outcome + ": " + words(to_string(unit.reason)), Tone::kWarning};
  return {outcome, tone_of_outcome(outcome)};
}

void write_records(JsonWriter& json, const std::vector<MismatchRecord>& records) {
  json.begin_array("records");
  for (const MismatchRecord& record : records) {
    json.begin_object().field("operand_set", record.operand_set).field("step", record.step);
    if (record.word_index != MismatchRecord::kWholeDigest) json.field("word_index", record.word_index);
    json.field("lane", record.lane).field("expected", fmt::format("{:016x}", record.expected)).field("actual", fmt::format("{:016x}", record.actual));
    json.field("mask", fmt::format("{:016x}", record.mask())).field("reread", fmt::format("{:016x}", record.reread));
    json.field("cpu_before", record.cpu_before).field("cpu_after", record.cpu_after).end_object();
  }
  json.end_array();
}

void write_unit(JsonWriter& json, const UnitReport& unit) {
  json.begin_object().field("unit", unit.unit).field("cpu", unit.cpu).field("outcome", to_string(unit.outcome));
  if (unit.outcome == Outcome::kInconclusive) json.field("reason", to_string(unit.reason));
  json.field("runs", unit.runs).field("mismatches", unit.mismatches).field("busy_s", to_seconds(unit.busy));
  json.field("runs_per_s", runs_per_second(unit)).begin_array("digests");
  for (const DigestGroup& group : unit.digests) {
    json.begin_object().field("operand_set", group.operand_set).field("digest", to_hex(group.digest));
    if (group.golden) json.field("golden", to_hex(*group.golden));
    json.field("runs", group.runs).end_object();
  }
  json.end_array();
  write_records(json, unit.records);
  json.end_object();
}

void unit_table(PageText& page, const ProbeReport& report) {
  Table table({{"UNIT", Align::kRight}, {"CPU", Align::kRight}, {"RUNS", Align::kRight}, {"WRONG", Align::kRight}, {"TIME", Align::kRight},
               {"RATE", Align::kRight}, {"OUTCOME"}, {"SET", Align::kRight}, {"DIGEST", Align::kLeft, true}, {"GOLDEN", Align::kLeft, true}});
  for (const UnitReport& unit : report.units) {
    // With one digest all is said in the row; with several the wrong ones follow below.
    const DigestGroup* only = unit.digests.size() == 1 ? &unit.digests.front() : nullptr;
    const bool same = only != nullptr && only->golden == only->digest;
    table.add({fmt::format("{}", unit.unit), fmt::format("{}", unit.cpu), grouped(unit.runs),
               {grouped(unit.mismatches), unit.mismatches > 0 ? Tone::kBad : Tone::kPlain}, format_span(unit.busy), rate(unit), outcome_cell(unit),
               only != nullptr ? fmt::format("{}", only->operand_set) : unit.digests.empty() ? kAbsent : "many",
               only != nullptr ? to_hex(only->digest) : kAbsent,
               only == nullptr || !only->golden ? kAbsent : same ? "same" : to_hex(*only->golden)});
  }
  page.table(table);
}

void wrong_digests(PageText& page, const ProbeReport& report) {
  Table table({{"UNIT", Align::kRight}, {"SET", Align::kRight}, {"RUNS", Align::kRight}, {"WRONG DIGEST"}, {"GOLDEN"}});
  size_t shown = 0;
  for (const UnitReport& unit : report.units) {
    if (unit.digests.size() < 2) continue;
    for (const DigestGroup& group : unit.digests) {
      if (!group.golden || *group.golden == group.digest || ++shown > kWrongDigestsShown) continue;
      table.add({fmt::format("{}", unit.unit), fmt::format("{}", group.operand_set), grouped(group.runs), {to_hex(group.digest), Tone::kBad},
                 to_hex(*group.golden)});
    }
  }
  if (table.empty()) return;
  page.heading("wrong digests");
  page.table(table);
}

void wrong_bits(PageText& page, const ProbeReport& report) {
  uint64_t mask = 0;
  uint64_t first = 0;
  Table table({{"UNIT", Align::kRight}, {"SET", Align::kRight}, {"STEP", Align::kRight}, {"WORD", Align::kRight}, {"LANE", Align::kRight},
               {"EXPECTED"}, {"ACTUAL"}, {"MASK"}});
  size_t count = 0;
  for (const UnitReport& unit : report.units) {
    for (const MismatchRecord& record : unit.records) {
      if (record.word_index != MismatchRecord::kWholeDigest) mask |= record.mask();
      if (first == 0) first = mask;
      if (++count > kRecordsShown) continue;
      table.add({fmt::format("{}", unit.unit), fmt::format("{}", record.operand_set), fmt::format("{}", record.step),
                 record.word_index == MismatchRecord::kWholeDigest ? "digest" : fmt::format("{}", record.word_index), fmt::format("{}", record.lane),
                 fmt::format("{:016x}", record.expected), fmt::format("{:016x}", record.actual), {fmt::format("{:016x}", record.mask()), Tone::kBad}});
    }
  }
  if (count == 0) return;
  page.heading("wrong bits");
  page.raw_text(mask_lines(first, mask));
  page.prose(bits_in_words(mask));
  page.heading(count > kRecordsShown ? fmt::format("first {} of {} records", kRecordsShown, count) : plural(count, "record"));
  page.table(table);
}

}  // namespace

Outcome ProbeReport::outcome() const {
  const auto any = [&](Outcome wanted) {
    return std::any_of(units.begin(), units.end(), [&](const UnitReport& unit) { return unit.outcome == wanted; });
  };
  if (any(Outcome::kMismatch)) return Outcome::kMismatch;
  return units.empty() || any(Outcome::kInconclusive) ? Outcome::kInconclusive : Outcome::kMatch;
}

ProbeReport make_probe_report(const probes::RunRequest& request, const RunnerAnswer& answer, const Device& device, uint32_t operand_sets) {
  ProbeReport report;
  report.probe = request.probe;
  report.variant = answer.result ? answer.result->variant : request.variant;
  report.device_id = device.id;
  report.synthetic = request.synthetic;
  if (request.injection.shape != FaultShape::kNone) report.injected = to_string(request.injection.shape);
  report.took = answer.result ? answer.result->took : Duration::zero();
  report.detail = answer.result ? answer.result->detail : answer.detail;
  const ProbeSpec* spec = probes::find_probe(request.probe.id);
  const bool voted = answer.result && spec != nullptr && !has_golden(spec->tier) && probes::could_vote(*answer.result);
  for (size_t i = 0; i < request.work.size(); ++i) {
    UnitReport unit;
    unit.unit = request.work[i].unit;
    unit.cpu = unit.unit < request.cpus.size() ? request.cpus[unit.unit] : 0;
    if (!answer.result || i >= answer.result->units.size()) {
      unit.reason = answer.result ? Inconclusive::kNotExecuted : answer.reason;
      report.units.push_back(std::move(unit));
      continue;
    }
    const probes::UnitRun& run = answer.result->units[i];
    unit.outcome = run.result.outcome;
    unit.reason = run.result.reason;
    if (unit.outcome == Outcome::kMatch && request.goldens.empty() && !voted) {   // nothing to compare with is never a pass
      unit.outcome = Outcome::kInconclusive;
      unit.reason = Inconclusive::kNoGolden;
    }
    // Without an intact golden a difference says nothing about the unit.
    if (unit.outcome == Outcome::kMismatch && !answer.result->golden_rehash_ok) {
      unit.outcome = Outcome::kInconclusive;
      unit.reason = Inconclusive::kGoldenCorrupt;
    }
    unit.runs = run.result.runs;
    unit.mismatches = run.result.mismatches;
    unit.busy = run.result.busy;
    unit.records = run.result.records;
    unit.digests = group_digests(run, request.goldens, operand_sets);
    report.units.push_back(std::move(unit));
  }
  return report;
}

ExitCode exit_code_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::kMatch: return ExitCode::kFine;
    case Outcome::kMismatch: return ExitCode::kFinding;
    case Outcome::kInconclusive: return ExitCode::kUnknown;
  }
  return ExitCode::kUnknown;
}

std::string probe_report_json(const ProbeReport& report) {
  JsonWriter json;
  json.begin_object().field("probe", to_string(report.probe)).field("variant", report.variant).field("device_id", report.device_id);
  json.field("synthetic", report.synthetic != Synthetic::kNone);
  if (!report.injected.empty()) json.field("injected", report.injected);
  json.field("outcome", to_string(report.outcome())).field("took_s", to_seconds(report.took));
  if (!report.detail.empty()) json.field("detail", report.detail);
  json.begin_array("units");
  for (const UnitReport& unit : report.units) write_unit(json, unit);
  json.end_array().end_object();
  return json.take();
}

std::string probe_report_text(const ProbeReport& report, const View& view) {
  PageText page(view);
  const Outcome outcome = report.outcome();
  page.heading(fmt::format("{} on {}: {}", to_string(report.probe), report.device_id, to_string(outcome)), tone_of_outcome(to_string(outcome)));
  if (!report.injected.empty()) page.prose(fmt::format("*** SYNTHETIC: a fault of shape {} was planted ***", report.injected), Tone::kWarning);
  page.field("variant", report.variant.empty() ? kAbsent : report.variant);
  page.field("took", format_span(report.took));
  page.field("detail", report.detail, Tone::kWarning);
  unit_table(page, report);
  wrong_digests(page, report);
  wrong_bits(page, report);
  return page.take();
}

}  // namespace assay::ctl
