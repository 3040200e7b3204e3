// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <set>

#include "collector/api/shapes.h"
#include "common/model/blame.h"

namespace assay::collector {
namespace {

void write_conditions(JsonWriter& json, const Conditions& conditions) {
  json.number_if("temperature_celsius", conditions.temperature_celsius)
      .number_if("power_watts", conditions.power_watts)
      .number_if("clock_hertz", conditions.clock_hertz);
}

void write_step(JsonWriter& json, const EvidenceStep& step) {
  json.begin_object()
      .text("rung", to_string(step.rung))
      .number("at_unix_ms", to_unix_ms(step.at))
      .text("detail", step.detail)
      .number("unit", step.unit)
      .number("runs", step.runs)
      .number("mismatches", step.mismatches)
      .text("reason", to_string(step.reason));
  write_conditions(json, step.conditions);
  json.end_object();
}

void write_record(JsonWriter& json, const MismatchRecord& record) {
  json.begin_object().number("operand_set", record.operand_set).number("step", record.step);
  // The position as it is counted, or absent when only the digest differed.
  if (record.word_index != MismatchRecord::kWholeDigest) json.number("word_index", record.word_index);
  json.number("lane", record.lane)
      .text("expected", hex_word(record.expected))
      .text("actual", hex_word(record.actual))
      .text("mask", hex_word(record.mask()))
      .text("reread", hex_word(record.reread))
      .number("cpu_before", record.cpu_before)
      .number("cpu_after", record.cpu_after)
      .end_object();
}

// Which bits were wrong in any record, and how many records share the most common mask. Digests tell nothing about bits.
void write_bits(JsonWriter& json, const std::vector<MismatchRecord>& records) {
  uint64_t any = 0;
  std::map<uint64_t, size_t> masks;
  size_t counted = 0;
  for (const MismatchRecord& record : records) {
    if (record.word_index == MismatchRecord::kWholeDigest) continue;
    any |= record.mask();
    ++masks[record.mask()];
    ++counted;
  }
  if (counted == 0) return;
  size_t most = 0;
  for (const auto& [mask, count] : masks) most = std::max(most, count);
  json.begin_object("bits").begin_list("flipped");
  for (unsigned bit = 0; bit < 64; ++bit) {
    if ((any >> bit & 1) != 0) json.number({}, bit);
  }
  json.end_list().number("same_mask_share", static_cast<double>(most) / static_cast<double>(counted)).end_object();
}

// The retests as a table of units by operand sets, and what chance makes of it.
void write_evidence(JsonWriter& json, const std::vector<EvidenceStep>& steps) {
  const BlameTable table = blame_table(steps);
  if (table.cells.empty()) return;
  json.begin_object("evidence").begin_list("cells");
  for (const BlameCell& cell : table.cells) {
    json.begin_object().text("who", to_string(cell.row));
    if (cell.row != BlameRow::kPeerDevice) json.number("unit", cell.unit);
    json.flag("same_operands", cell.same_operands).number("runs", cell.wrong.trials).number("mismatches", cell.wrong.hits).end_object();
  }
  json.end_list().number_if("p_everywhere", table.p_everywhere).number_if("p_any_operands", table.p_any_operands).end_object();
}

void write_hooks(JsonWriter& json, const IncidentDetail& detail) {
  json.begin_list("hooks");
  for (const HookRecord& hook : detail.hooks) write_hook(json, {}, hook);
  for (const Decision& decision : detail.decisions) {
    const bool has_hook = std::any_of(detail.hooks.begin(), detail.hooks.end(), [&](const HookRecord& hook) { return hook.decision == decision.number; });
    if (decision.kind == DecisionKind::kQuarantine && !has_hook) write_no_hook(json, {}, decision);
  }
  json.end_list();
}

}  // namespace

std::string_view confidence(const Incident& incident) {
  if (!condemns(incident.verdict)) return "low";
  const bool reproduced = std::any_of(incident.steps.begin(), incident.steps.end(), [](const EvidenceStep& step) {
    return step.rung != Rung::kFirstSight && step.mismatches > 0;
  });
  return may_condemn(incident.tier) && reproduced ? "high" : "medium";
}

std::string_view advice(const Incident& incident) {
  const bool failed_again = std::any_of(incident.steps.begin(), incident.steps.end(), [](const EvidenceStep& step) {
    return step.rung >= Rung::kSameUnit && step.mismatches > 0;
  });
  if (incident.verdict == Verdict::kUnreproduced && !may_condemn(incident.tier) && failed_again) {
    return "keep the device out of large jobs and run its other probes: a unit differs from the others again and again, but without an exact golden "
           "that condemns nothing";
  }
  return recommendation(incident.verdict);
}

void write_incident_summary_members(JsonWriter& json, const IncidentView& view) {
  json.text("id", view.id)
      .text("node", view.node)
      .text("device_id", view.device_id)
      .number("unit", view.unit)
      .text("probe", to_string(view.probe))
      .text("tier", to_string(view.tier))
      .text("verdict", to_string(view.verdict))
      .text("status", to_string(view.status))
      .flag("synthetic", is_drill(view.synthetic))
      .number("opened_unix_ms", to_unix_ms(view.opened))
      .number("updated_unix_ms", to_unix_ms(view.updated));
  if (view.last_decision) json.text("decision", to_string(*view.last_decision));
  json.text_if("pending", view.pending);
}

void write_incident_members(JsonWriter& json, const IncidentDetail& detail) {
  const Incident& incident = detail.incident;
  write_incident_summary_members(json, detail.view);
  json.number("operand_set", incident.operand_set).text("variant", incident.variant).text("source", to_string(detail.view.source));
  if (incident.expected) json.text("expected", to_hex(*incident.expected));
  if (incident.actual) json.text("actual", to_hex(*incident.actual));
  json.text("recommendation", advice(incident)).text("confidence", confidence(incident));
  json.begin_object("conditions");
  if (!incident.steps.empty()) write_conditions(json, incident.steps.front().conditions);
  json.end_object().begin_list("steps");
  for (const EvidenceStep& step : incident.steps) write_step(json, step);
  json.end_list();
  write_evidence(json, incident.steps);
  json.begin_list("records");
  for (const MismatchRecord& record : incident.records) write_record(json, record);
  json.end_list();
  write_bits(json, incident.records);
  json.begin_list("decisions");
  for (const Decision& decision : detail.decisions) write_decision(json, {}, decision);
  json.end_list();
  write_hooks(json, detail);
}

}  // namespace assay::collector
