// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include "ctl/incident_evidence.h"
#include "ctl/page_text.h"
#include "ctl/render.h"
#include "probes/catalogue/catalogue.h"

namespace assay::ctl {
namespace {

constexpr size_t kRecordsShown = 4;

const ProbeSpec* spec_of(const JsonValue& incident) {
  const std::string probe = incident.text_or("probe", "");
  return probes::find_probe(std::string_view(probe).substr(0, probe.find('/')));
}

Tone tone_of_verdict(std::string_view verdict) {
  if (verdict == "open" || verdict == "unreproduced" || verdict == "probe_suspect") return Tone::kWarning;
  return Tone::kBad;
}

void judgement(PageText& page, const JsonValue& incident) {
  const std::string verdict = incident.text_or("verdict", kAbsent);
  page.field("verdict", words(verdict), tone_of_verdict(verdict));
  page.field("recommended", incident.text_or("recommendation", kAbsent), Tone::kStrong);
  page.field("confidence", incident.text_or("confidence", ""));
  page.field("waiting", incident.text_or("pending", ""), Tone::kWarning);
  page.field("evidence", evidence_in_words(incident.list("steps")));
}

void what_failed(PageText& page, const JsonValue& incident) {
  const ProbeSpec* spec = spec_of(incident);
  page.heading("what failed");
  page.field("probe", incident.text_or("probe", kAbsent));
  page.field("exercises", spec == nullptr ? "" : spec->exercises);
  const std::string tier = incident.text_or("tier", kAbsent);
  const std::string meaning = tier_meaning(tier);
  page.field("golden tier", meaning.empty() ? tier : fmt::format("{}: {}", tier, meaning));
  page.field("operands", fmt::format("set {}, variant {}", incident.number_or_zero("operand_set"), incident.text_or("variant", kAbsent)));
  page.field("expected", incident.text_or("expected", kAbsent));
  page.field("got", incident.text_or("actual", "nothing: the run gave no digest"), Tone::kBad);
}

// The logical CPU the first record was made on: the index of a unit alone does not tell an operator which core to look at.
std::string unit_words(const JsonValue& incident) {
  std::string text = fmt::format("unit {}", incident.number_or_zero("unit"));
  const auto records = incident.list("records");
  if (!records.empty() && records.front().number("cpu_before")) text += fmt::format(" (cpu {})", records.front().number_or_zero("cpu_before"));
  return text;
}

void where(PageText& page, const JsonValue& incident, const View& view) {
  page.heading("where and when");
  page.field("node", incident.text_or("node", kAbsent));
  page.field("device", incident.text_or("device_id", kAbsent));
  page.field("blamed", unit_words(incident), Tone::kStrong);
  page.field("opened", fmt::format("{} ({})", utc(incident.integer("opened_unix_ms")), ago(incident.integer("opened_unix_ms"), view.now)));
  page.field("updated", ago(incident.integer("updated_unix_ms"), view.now));
  const bool by_collector = incident.text_or("source", "agent") == "collector";
  page.field("found by", by_collector ? "the collector, which checks what agents call a match" : "the agent of the node");
  const JsonValue known = incident.at("conditions");
  page.field("conditions", conditions(known.real("temperature_celsius"), known.real("power_watts"), known.real("clock_hertz")));
}

void units_by_operands(PageText& page, const JsonValue& incident) {
  const JsonValue evidence = incident.at("evidence");
  if (evidence.list("cells").empty()) return;
  page.heading("units by operand sets");
  page.table(blame_table_of(evidence.list("cells")));
  for (const std::string& text : blame_in_words(evidence)) page.prose(text);
}

void bits(PageText& page, const JsonValue& incident) {
  const auto records = incident.list("records");
  const uint64_t mask = flipped_bits(incident);
  if (mask == 0 && records.empty()) return;
  const ProbeSpec* spec = spec_of(incident);
  const std::string fields = spec == nullptr ? "" : bit_fields_in_words(mask, spec->precision);
  page.heading("wrong bits");
  page.raw_text(mask_lines(first_mask(incident), mask));
  std::string text = bits_in_words(mask);
  if (!fields.empty()) text += fmt::format(" ({} of {})", fields, spec->precision);
  if (const auto same = incident.at("bits").real("same_mask_share")) text += fmt::format("; the same mask in {} of the records", percent(*same));
  page.prose(text);
  if (records.empty()) return;
  page.heading(records.size() > kRecordsShown ? fmt::format("first {} of {} records", kRecordsShown, records.size())
                                              : plural(records.size(), "record"));
  page.table(record_table(records, kRecordsShown));
}

void consequences(PageText& page, const JsonValue& incident, const View& view) {
  const auto decisions = incident.list("decisions");
  page.heading("decisions");
  if (decisions.empty()) {
    page.prose("none yet");
  } else {
    page.table(decision_table(decisions, view));
  }
  const auto hooks = incident.list("hooks");
  if (hooks.empty()) return;
  page.heading("drain hooks");
  page.table(hook_table(hooks, view));
}

void next_steps(PageText& page, const JsonValue& incident) {
  const std::string device = incident.text_or("device_id", kAbsent);
  const auto decisions = incident.list("decisions");
  const bool quarantined = std::any_of(decisions.begin(), decisions.end(), [](const JsonValue& d) { return d.text_or("kind", "") == "quarantine"; });
  page.heading("next");
  page.prose(fmt::format("assayctl incident replay {}   (on {}, to see whether it does so again)", incident.text_or("id", kAbsent),
                         incident.text_or("node", kAbsent)));
  page.prose("assayctl device show " + device);
  if (quarantined) page.prose(fmt::format("assayctl quarantine release {} --reason TEXT   (or: retire)", device));
}

}  // namespace

Table incident_table(const std::vector<JsonValue>& incidents, const View& view) {
  Table table({{"INCIDENT"}, {"VERDICT"}, {"NODE", Align::kLeft, true}, {"DEVICE", Align::kLeft, true}, {"UNIT", Align::kRight},
               {"PROBE", Align::kLeft, true}, {"OPENED", Align::kRight}, {"DECISION"}, {"TIER"}});
  for (const JsonValue& incident : incidents) {
    const std::string verdict = incident.text_or("verdict", kAbsent);
    const bool synthetic = is_synthetic(incident);
    table.add({incident.text_or("id", kAbsent), {synthetic ? words(verdict) + " [drill]" : words(verdict), tone_of_verdict(verdict)},
               incident.text_or("node", kAbsent), incident.text_or("device_id", kAbsent), fmt::format("{}", incident.number_or_zero("unit")),
               incident.text_or("probe", kAbsent), ago(incident.integer("opened_unix_ms"), view.now), words(incident.text_or("decision", kAbsent)),
               incident.text_or("tier", kAbsent)});
  }
  return table;
}

Result<Page> render_incidents(std::string_view json, const View& view) {
  const JsonValue document = TRY(parse_json_object(json));
  return Page{incident_table(document.list("incidents"), view).text(view.width_columns, view.color), ExitCode::kFine};
}

Result<Page> render_incident(std::string_view json, const View& view) {
  const JsonValue incident = TRY(parse_json_object(json));
  PageText page(view);
  page.heading("incident " + incident.text_or("id", kAbsent));
  if (is_synthetic(incident)) {
    page.prose("*** SYNTHETIC: this fault was planted by a drill. Nothing is known against the hardware. ***", Tone::kWarning);
  }
  judgement(page, incident);
  what_failed(page, incident);
  where(page, incident, view);
  const auto steps = incident.list("steps");
  page.heading("retests");
  if (steps.empty()) {
    page.prose("none yet");
  } else {
    page.table(retest_table(steps, incident.integer("opened_unix_ms").value_or(0)));
  }
  units_by_operands(page, incident);
  bits(page, incident);
  consequences(page, incident, view);
  next_steps(page, incident);
  return Page{page.take(), ExitCode::kFine};
}

}  // namespace assay::ctl
