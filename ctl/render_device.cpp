// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "ctl/page_text.h"
#include "ctl/render.h"

namespace assay::ctl {
namespace {

void identity(PageText& page, const JsonValue& device, const View& view) {
  const Cell state = state_cell(device);
  page.field("state", fmt::format("{}, since {} ({})", state.text, utc(device.integer("state_since_unix_ms")),
                                  ago(device.integer("state_since_unix_ms"), view.now)), state.tone);
  page.field("node", device.text_or("node", kAbsent));
  page.field("part", fmt::format("{}, {}", words(device.text_or("kind", kAbsent)), device.text_or("model", kAbsent)));
  page.field("architecture", device.text_or("architecture", kAbsent));
  page.field("firmware", device.text_or("firmware", ""));
  std::string cpus;
  for (const JsonValue& cpu : device.list("cpus")) cpus += fmt::format("{}{}", cpus.empty() ? "" : ",", cpu.as_number().value_or(0));
  page.field("units", fmt::format("{}{}", grouped(device.number_or_zero("units")), cpus.empty() ? "" : fmt::format(" (cpus {})", cpus)));
  page.field("socket", fmt::format("{}", device.number_or_zero("socket")));
}

void measured(PageText& page, const JsonValue& device, const View& view) {
  page.heading("measured");
  const JsonValue runs = device.at("runs");
  page.field("runs", fmt::format("{} match, {} mismatch, {} inconclusive", grouped(runs.number_or_zero("match")),
                                 grouped(runs.number_or_zero("mismatch")), grouped(runs.number_or_zero("inconclusive"))),
             runs.number_or_zero("mismatch") > 0 ? Tone::kBad : Tone::kPlain);
  for (const auto& [reason, count] : device.at("inconclusive_by_reason").members()) {
    page.field("", fmt::format("{} {}", grouped(count.as_number().value_or(0)), words(reason)), Tone::kDim);
  }
  page.field("coverage", fmt::format("{} of {} cells, oldest {}", grouped(device.number_or_zero("cells_covered")), grouped(device.number_or_zero("cells")),
                                     span_of_seconds(device.real("oldest_cell_age_s"))));
  page.field("cost", fmt::format("{} of its time, budget {}", percent(device.real("probe_ratio").value_or(0)), percent(device.real("budget_ratio").value_or(0))));
  page.field("conditions", conditions(device.real("temperature_celsius"), device.real("power_watts"), device.real("clock_hertz")));
  page.field("last report", fmt::format("{}{}", ago(device.integer("last_report_unix_ms"), view.now), device.flag("silent") ? ": SILENT" : ""),
             device.flag("silent") ? Tone::kWarning : Tone::kPlain);
  if (const auto skew = device.real("clock_skew_s"); skew && (*skew > 1 || *skew < -1)) {
    page.field("clock skew", fmt::format("{:+.1f} s against the collector", *skew), Tone::kWarning);
  }
  if (const auto bound = device.real("error_rate_upper_bound_per_run")) {
    page.field("error rate", fmt::format("at most {:.2g} a run (95 %), for no run was wrong", *bound));
  }
}

void probes(PageText& page, const JsonValue& device, const View& view) {
  page.heading("probes");
  Table table({{"PROBE"}, {"TIER"}, {"RUNS", Align::kRight}, {"MISMATCH", Align::kRight}, {"INCONCLUSIVE", Align::kRight}, {"LAST", Align::kRight}});
  for (const JsonValue& probe : device.list("probes")) {
    const uint64_t wrong = probe.number_or_zero("mismatches");
    table.add({probe.text_or("probe", kAbsent), probe.text_or("tier", kAbsent), grouped(probe.number_or_zero("runs")),
               {grouped(wrong), wrong > 0 ? Tone::kBad : Tone::kPlain}, grouped(probe.number_or_zero("inconclusive")),
               ago(probe.integer("last_unix_ms"), view.now)});
  }
  page.table(table);
}

}  // namespace

bool is_synthetic(const JsonValue& object) {
  return object.flag("synthetic") || object.text_or("synthetic", "none") != "none";
}

Cell state_cell(const JsonValue& device, std::string_view key) {
  const std::string state = device.text_or(key, kAbsent);
  return {is_synthetic(device) ? words(state) + " [drill]" : words(state), tone_of_state(state)};
}

Table device_table(const std::vector<JsonValue>& devices) {
  // The least needed columns are last: a narrow terminal cuts them off.
  Table table({{"NODE", Align::kLeft, true}, {"DEVICE", Align::kLeft, true}, {"STATE"}, {"UNITS", Align::kRight}, {"MATCH", Align::kRight},
               {"MISMATCH", Align::kRight}, {"INCONCL", Align::kRight}, {"OLDEST", Align::kRight}, {"RUNS", Align::kRight},
               {"TEMP", Align::kRight}, {"POWER", Align::kRight}});
  for (const JsonValue& device : devices) {
    const JsonValue runs = device.at("runs");
    const uint64_t wrong = runs.number_or_zero("mismatch");
    Cell state = state_cell(device);
    if (device.flag("silent")) state = {state.text + ", silent", Tone::kWarning};
    const uint64_t match = runs.number_or_zero("match");
    const uint64_t unsure = runs.number_or_zero("inconclusive");
    table.add({device.text_or("node", kAbsent), device.text_or("id", kAbsent), state, grouped(device.number_or_zero("units")),
               grouped(match), {grouped(wrong), wrong > 0 ? Tone::kBad : Tone::kPlain}, grouped(unsure),
               span_of_seconds(device.real("oldest_cell_age_s")), grouped(match + wrong + unsure), celsius(device.real("temperature_celsius")), watts(device.real("power_watts"))});
  }
  return table;
}

Result<Page> render_devices(std::string_view json, const View& view) {
  const JsonValue document = TRY(parse_json_object(json));
  return Page{device_table(document.list("devices")).text(view.width_columns, view.color), ExitCode::kFine};
}

Result<Page> render_device(std::string_view json, const View& view) {
  const JsonValue device = TRY(parse_json_object(json));
  PageText page(view);
  page.heading("device " + device.text_or("id", kAbsent));
  identity(page, device, view);
  measured(page, device, view);
  probes(page, device, view);
  const auto incidents = device.list("incidents");
  if (!incidents.empty()) {
    page.heading("incidents");
    page.table(incident_table(incidents, view));
  }
  const auto history = device.list("history");
  if (!history.empty()) {
    page.heading("history");
    page.table(decision_table(history, view));
  }
  return Page{page.take(), ExitCode::kFine};
}

}  // namespace assay::ctl
