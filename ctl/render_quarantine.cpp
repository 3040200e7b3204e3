// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "ctl/page_text.h"
#include "ctl/render.h"

namespace assay::ctl {

std::string hook_words(const JsonValue& hook) {
  if (!hook.present()) return "none";
  const std::string status = hook.text_or("status", kAbsent);
  if (status == "none") return "none: no drain hook is configured, nothing was told to the scheduler";
  std::string text = fmt::format("{} {}", hook.text_or("action", "drain"), status);
  if (const auto attempts = hook.number("attempts")) text += " after " + plural(*attempts, "attempt");
  if (const auto code = hook.integer("exit_code")) text += fmt::format(", exit code {}", *code);
  if (const std::string detail = hook.text_or("detail", ""); !detail.empty()) text += ": " + detail;
  return text;
}

Table decision_table(const std::vector<JsonValue>& decisions, const View& view) {
  Table table({{"NUMBER", Align::kRight}, {"AT"}, {"DECISION"}, {"BY", Align::kLeft, true}, {"STATE AFTER"}, {"REASON", Align::kLeft, true}});
  for (const JsonValue& decision : decisions) {
    const std::string kind = words(decision.text_or("kind", kAbsent));
    table.add({grouped(decision.number_or_zero("number")), utc(decision.integer("at_unix_ms")), is_synthetic(decision) ? kind + " [drill]" : kind,
               decision.text_or("actor", kAbsent), {words(decision.text_or("state_after", kAbsent)), tone_of_state(decision.text_or("state_after", ""))},
               decision.text_or("reason", "")});
  }
  static_cast<void>(view);
  return table;
}

Table hook_table(const std::vector<JsonValue>& hooks, const View& view) {
  Table table({{"DECISION", Align::kRight}, {"ACTION"}, {"STATUS"}, {"ATTEMPTS", Align::kRight}, {"EXIT", Align::kRight}, {"UPDATED", Align::kRight},
               {"DETAIL", Align::kLeft, true}});
  for (const JsonValue& hook : hooks) {
    const std::string status = hook.text_or("status", kAbsent);
    const auto code = hook.integer("exit_code");
    table.add({grouped(hook.number_or_zero("decision")), hook.text_or("action", kAbsent), {status, tone_of_hook(status)},
               grouped(hook.number_or_zero("attempts")), code ? fmt::format("{}", *code) : kAbsent, ago(hook.integer("updated_unix_ms"), view.now),
               hook.text_or("detail", "")});
  }
  return table;
}

Result<Page> render_quarantines(std::string_view json, const View& view) {
  const JsonValue document = TRY(parse_json_object(json));
  Table table({{"NODE", Align::kLeft, true}, {"DEVICE", Align::kLeft, true}, {"UNIT", Align::kRight}, {"VERDICT"}, {"HOOK"},
               {"SINCE", Align::kRight}, {"INCIDENT"}, {"PROBE", Align::kLeft, true}, {"REASON", Align::kLeft, true}});
  ExitCode exit = ExitCode::kFine;
  for (const JsonValue& entry : document.list("quarantine")) {
    if (!is_synthetic(entry)) exit = ExitCode::kFinding;
    const std::string hook = entry.at("hook").text_or("status", "none");
    const std::string verdict = words(entry.text_or("verdict", kAbsent));
    table.add({entry.text_or("node", kAbsent), entry.text_or("device_id", kAbsent), fmt::format("{}", entry.number_or_zero("unit")),
               {is_synthetic(entry) ? verdict + " [drill]" : verdict, Tone::kBad}, {hook, tone_of_hook(hook)},
               ago(entry.integer("since_unix_ms"), view.now), entry.text_or("incident_id", kAbsent), entry.text_or("probe", kAbsent),
               entry.text_or("reason", "")});
  }
  return Page{table.text(view.width_columns, view.color), exit};
}

Result<Page> render_quarantine(std::string_view json, const View& view) {
  const JsonValue entry = TRY(parse_json_object(json));
  const std::string device = entry.text_or("device_id", kAbsent);
  const std::string incident = entry.text_or("incident_id", kAbsent);
  PageText page(view);
  page.heading("quarantine of " + device);
  if (is_synthetic(entry)) page.prose("DRILL: the fault was planted; the device is not known to be bad", Tone::kWarning);
  page.field("node", entry.text_or("node", kAbsent));
  page.field("since", fmt::format("{} ({})", utc(entry.integer("since_unix_ms")), ago(entry.integer("since_unix_ms"), view.now)));
  page.field("verdict", words(entry.text_or("verdict", kAbsent)), Tone::kBad);
  page.field("failed", fmt::format("{} on unit {}", entry.text_or("probe", kAbsent), entry.number_or_zero("unit")));
  page.field("reason", entry.text_or("reason", kAbsent));
  page.field("decision", fmt::format("number {}", entry.number_or_zero("decision")));
  const JsonValue hook = entry.at("hook");
  page.field("drain hook", hook_words(hook), tone_of_hook(hook.text_or("status", "none")));
  page.heading("next");
  page.prose("assayctl incident show " + incident);
  page.prose(fmt::format("assayctl quarantine release {} --reason TEXT", device));
  page.prose(fmt::format("assayctl quarantine retire {} --reason TEXT", device));
  return Page{page.take(), ExitCode::kFine};
}

Result<Page> render_decision(std::string_view json, const View& view) {
  const JsonValue document = TRY(parse_json_object(json));
  const JsonValue decision = document.at("decision");
  PageText page(view);
  std::string about;
  for (const char* key : {"device_id", "probe", "node"}) {
    if (about.empty()) about = decision.text_or(key, "");
  }
  page.heading(fmt::format("decision {}: {}{}", decision.number_or_zero("number"), words(decision.text_or("kind", kAbsent)),
                           about.empty() ? "" : " of " + about));
  page.field("by", decision.text_or("actor", kAbsent));
  page.field("reason", decision.text_or("reason", kAbsent));
  if (!decision.text_or("device_id", "").empty()) page.field("state after", words(decision.text_or("state_after", kAbsent)));
  return Page{page.take(), ExitCode::kFine};
}

}  // namespace assay::ctl
