// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <initializer_list>
#include <utility>

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

std::string counted(const JsonValue& readings, std::initializer_list<std::pair<const char*, const char*>> counts) {
  std::string line;
  for (const auto& [key, name] : counts) {
    if (const auto count = readings.number(key)) line += fmt::format("{}{} {}", line.empty() ? "" : ", ", grouped(*count), name);
  }
  return line;
}

std::string joined(const std::vector<JsonValue>& texts) {
  std::string line;
  for (const JsonValue& text : texts) line += fmt::format("{}{}", line.empty() ? "" : ", ", words(text.as_text().value_or("")));
  return line;
}

// What its driver tells; a line that the driver does not fill is left out.
void readings(PageText& page, const JsonValue& device, const View& view) {
  const JsonValue readings = device.at("readings");
  if (!readings.present()) return;
  page.heading("accelerator");
  if (const auto trouble = readings.text("trouble")) page.field("cannot be read", words(*trouble), Tone::kBad);
  if (const auto action = readings.text("recovery_action")) page.field("driver asks", words(*action), Tone::kBad);
  if (const auto memory = readings.real("memory_temperature_celsius")) page.field("memory", fmt::format("{}", celsius(memory)));
  if (const auto limit = readings.real("power_limit_watts")) page.field("power", fmt::format("{} of {}", watts(device.real("power_watts")), watts(limit)));
  if (const auto clock = readings.real("memory_clock_hertz")) page.field("memory clock", hertz(clock));
  page.field("clock held by", joined(readings.list("clock_events")));
  page.field("ECC errors", counted(readings, {{"ecc_corrected", "corrected"}, {"ecc_uncorrected", "uncorrected"}}),
             readings.number_or_zero("ecc_uncorrected") > 0 ? Tone::kBad : Tone::kPlain);
  std::string repairs = counted(readings, {{"row_remaps", "rows remapped"}, {"retired_pages", "pages retired"}});
  const bool failed = readings.flag("row_remap_failure");
  const bool waits = readings.flag("row_remap_pending");
  if (waits) repairs += ", one waits for a reset";
  if (failed) repairs += ", and it FAILED: replace the part";
  page.field("repairs", repairs, failed ? Tone::kBad : waits ? Tone::kWarning : Tone::kPlain);
  page.field("links", counted(readings, {{"pcie_replays", "PCIe replays"}, {"nvlink_errors", "NVLink errors"}}));
  page.field("driver", readings.text_or("driver_version", ""));
  for (const JsonValue& xid : readings.list("xids")) {
    page.field(fmt::format("Xid {}", xid.number_or_zero("code")), fmt::format("{} seen, last {}{}", grouped(xid.number_or_zero("seen")), ago(xid.integer("last_unix_ms"), view.now),
               xid.text("class") ? ": " + words(*xid.text("class")) : ""), Tone::kWarning);
  }
}

void variants(PageText& page, const JsonValue& device) {
  const auto offers = device.list("offers");
  if (offers.empty()) return;
  const auto unproven = static_cast<uint64_t>(std::ranges::count_if(offers, [](const JsonValue& offer) { return !offer.flag("ran_on_silicon"); }));
  const std::string ways = fmt::format("{} of running probes", plural(offers.size(), "way"));
  if (unproven == 0) {
    page.field("variants", ways + ", all measured on silicon of this architecture");
  } else {
    page.field("variants", fmt::format("{}, {} not run on silicon yet: observed until policy.architecture_modes names the architecture", ways, grouped(unproven)),
               Tone::kWarning);
  }
}

void probes(PageText& page, const JsonValue& device, const View& view) {
  page.heading("probes");
  variants(page, device);
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
  readings(page, device, view);
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
