// SPDX-License-Identifier: Apache-2.0
#include "collector/page.h"

#include <algorithm>
#include <initializer_list>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "assay_version.h"

namespace assay::collector {
namespace {

// A state as words in a coloured frame.
std::string_view tone_of(DeviceState state) {
  switch (state) {
    case DeviceState::kInService: return "good";
    case DeviceState::kSuspect:
    case DeviceState::kConfirming:
    case DeviceState::kProbation:
    case DeviceState::kInRepair: return "warn";
    case DeviceState::kQuarantined:
    case DeviceState::kRetired: return "bad";
    case DeviceState::kUnknown: return "soft";
  }
  return "soft";
}

std::string words(std::string_view name) {
  std::string text(name);
  std::replace(text.begin(), text.end(), '_', ' ');
  return text;
}

std::string state_badge(DeviceState state, bool synthetic) {
  return fmt::format("<span class=\"state {}\">{}</span>{}", tone_of(state), words(to_string(state)),
                     synthetic ? " <span class=\"drill\">drill</span>" : "");
}

std::string ago(WallTime then, WallTime now) {
  if (then == WallTime{}) return "never";
  return format_span(std::max(now - then, Duration::zero())) + " ago";
}

struct Column {
  std::string_view title;
  std::string_view style = "";   // "number", "wide"
};

// A table with a caption for screen readers; says `empty` when it has no rows.
class Table {
 public:
  Table(std::string_view title, std::initializer_list<Column> columns) : title_(title), columns_(columns) {}
  // Cells are HTML: escape what came from outside.
  void row(const std::vector<std::string>& cells) {
    rows_ += "<tr>";
    for (size_t i = 0; i < cells.size(); ++i) {
      const std::string_view style = columns_[i].style;
      rows_ += style.empty() ? fmt::format("<td>{}</td>", cells[i]) : fmt::format("<td class=\"{}\">{}</td>", style, cells[i]);
    }
    rows_ += "</tr>\n";
  }
  bool empty() const { return rows_.empty(); }
  std::string html(std::string_view empty) const {
    std::string out = fmt::format("<h2>{}</h2>\n", title_);
    if (rows_.empty()) return out + fmt::format("<p class=\"soft\">{}</p>\n", empty);
    out += fmt::format("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{}\"><table><thead><tr>", title_);
    for (const Column& column : columns_) {
      out += fmt::format("<th scope=\"col\"{}>{}</th>", column.style == "number" ? " class=\"number\"" : "", column.title);
    }
    return out + "</tr></thead><tbody>\n" + rows_ + "</tbody></table></div>\n";
  }

 private:
  std::string_view title_;
  std::vector<Column> columns_;
  std::string rows_;
};

std::string alarming(std::string_view html) { return fmt::format("<span class=\"bad\">{}</span>", html); }
std::string counted(uint64_t wrong) { return wrong > 0 ? alarming(fmt::format("{}", wrong)) : "0"; }

std::string tile(std::string_view title, const std::string& value, std::string_view note = "") {
  return fmt::format("<div><dt>{}</dt><dd>{}{}</dd></div>\n", title, value, note.empty() ? "" : fmt::format(" <small>{}</small>", note));
}

std::string headline(const FleetSummary& fleet) {
  if (fleet.findings > 0) return fmt::format("<p class=\"headline bad\" role=\"status\">{} finding{} to look at</p>\n", fleet.findings, fleet.findings == 1 ? "" : "s");
  if (fleet.devices == 0) return "<p class=\"headline warn\" role=\"status\">No device has reported yet</p>\n";
  if (fleet.nodes_silent > 0) {
    return fmt::format("<p class=\"headline warn\" role=\"status\">No finding, but {} of {} nodes are silent</p>\n", fleet.nodes_silent, fleet.nodes);
  }
  const std::string drill = fleet.quarantined_drill > 0 ? " (a drill is going on)" : "";
  return fmt::format("<p class=\"headline good\" role=\"status\">No finding{}</p>\n", drill);
}

std::string tiles(const FleetSummary& fleet) {
  std::string out = "<dl class=\"tiles\">\n";
  out += tile("Nodes reporting", fmt::format("{}", fleet.nodes - fleet.nodes_silent), fmt::format("of {}", fleet.nodes));
  out += tile("Devices in service", fmt::format("{}", fleet.devices_by_state[static_cast<size_t>(DeviceState::kInService)]),
              fmt::format("of {}", fleet.devices));
  out += tile("Runs that matched", fmt::format("{}", fleet.runs_match));
  out += tile("Runs that mismatched", fmt::format("{}", fleet.runs_mismatch), fmt::format("{} inconclusive", fleet.runs_inconclusive));
  out += tile("Incidents", fmt::format("{}", fleet.incidents_last_day), fmt::format("in 24 h, {} open", fleet.incidents_open));
  out += tile("In quarantine", fmt::format("{}", fleet.quarantined), fleet.quarantined_drill > 0 ? fmt::format("and {} by drill", fleet.quarantined_drill) : "");
  out += tile("Breaker", fleet.breaker_open ? alarming("open") : "closed",
              fmt::format("{} of {} in 24 h", fleet.quarantines_last_day, fleet.quarantine_limit));
  out += tile("Drain hooks", fmt::format("{}", fleet.hooks_pending), fmt::format("pending, {} failed", fleet.hooks_failed));
  return out + "</dl>\n";
}

std::string quarantine_table(const PageInput& input) {
  Table table("Quarantine", {{"Device"}, {"Node"}, {"State"}, {"Since"}, {"Probe"}, {"Unit", "number"}, {"Why", "wide"}, {"Drain hook"}});
  for (const QuarantineRow& row : input.quarantine) {
    const Standing& standing = row.synthetic ? row.record.drill : row.record.real;
    table.row({escape_html(row.record.device.id), escape_html(row.record.node), state_badge(standing.state, row.synthetic),
               ago(standing.since, input.now), row.incident ? escape_html(to_string(row.incident->probe)) : "",
               row.incident ? fmt::format("{}", row.incident->unit) : "", row.decision ? escape_html(row.decision->reason) : "",
               row.hook ? fmt::format("{}: {}", to_string(row.hook->status), escape_html(row.hook->detail)) : "none"});
  }
  return table.html("No device is in quarantine.");
}

// Findings first, then by name.
std::vector<const DeviceRow*> by_urgency(const std::vector<DeviceRow>& devices) {
  const auto rank = [](const DeviceRow& row) {
    switch (row.record.shown().state) {
      case DeviceState::kQuarantined: return 0;
      case DeviceState::kConfirming:
      case DeviceState::kSuspect: return 1;
      case DeviceState::kProbation:
      case DeviceState::kInRepair: return 2;
      case DeviceState::kUnknown:
      case DeviceState::kInService: return 3;
      case DeviceState::kRetired: return 4;
    }
    return 4;
  };
  std::vector<const DeviceRow*> sorted;
  for (const DeviceRow& device : devices) sorted.push_back(&device);
  std::stable_sort(sorted.begin(), sorted.end(), [&](const DeviceRow* a, const DeviceRow* b) { return rank(*a) < rank(*b); });
  return sorted;
}

std::string device_table(const PageInput& input) {
  Table table("Devices", {{"Device"}, {"Node"}, {"State"}, {"Model"}, {"Units", "number"}, {"Match", "number"}, {"Mismatch", "number"},
                          {"Inconclusive", "number"}, {"Covered", "number"}, {"Oldest cell", "number"}, {"Temperature", "number"}, {"Last report", "number"}});
  for (const DeviceRow* row : by_urgency(input.devices)) {
    const DeviceRecord& record = row->record;
    ProbeCounts sum;
    for (const auto& [probe, counts] : row->counts.probes) {
      sum.match += counts.match;
      sum.mismatch += counts.mismatch;
      sum.inconclusive += counts.inconclusive;
    }
    const auto& temperature = record.live.conditions.temperature_celsius;
    table.row({escape_html(record.device.id), escape_html(record.node), state_badge(record.shown().state, record.shown_is_synthetic()),
               escape_html(record.device.model), fmt::format("{}", record.device.units.size()), fmt::format("{}", sum.match),
               counted(sum.mismatch), fmt::format("{}", sum.inconclusive),
               fmt::format("{} of {}", record.live.cells_covered, record.live.cells), format_span(record.live.oldest_cell_age),
               temperature ? fmt::format("{:.0f} °C", *temperature) : "",
               row->silent ? fmt::format("<span class=\"warn\">silent, {}</span>", ago(record.live.last_report, input.now))
                           : ago(record.live.last_report, input.now)});
  }
  std::string html = table.html("No device has reported yet. Enrol a node: assayctl token create --kind enrol.");
  if (input.devices_total > input.devices.size()) {
    html += fmt::format("<p class=\"soft\">{} of {} devices are shown; <code>assayctl device list</code> has all.</p>\n", input.devices.size(), input.devices_total);
  }
  return html;
}

// What is wrong with the part by its driver's own words; "" when nothing is.
std::string driver_trouble(const AcceleratorReadings& readings) {
  std::vector<std::string> all;
  if (!readings.trouble.empty()) all.push_back(words(readings.trouble));
  if (!readings.recovery_action.empty()) all.push_back("wants " + words(readings.recovery_action));
  if (readings.row_remap_failure.value_or(false)) all.emplace_back("row remap failed");
  if (readings.row_remap_pending.value_or(false)) all.emplace_back("row remap waits for a reset");
  return escape_html(fmt::format("{}", fmt::join(all, ", ")));
}

std::string power_of(const DeviceRecord& record) {
  const auto& watts = record.live.conditions.power_watts;
  const auto& limit = record.live.readings.power_limit_watts;
  if (!watts) return "";
  return limit ? fmt::format("{:.0f} of {:.0f} W", *watts, *limit) : fmt::format("{:.0f} W", *watts);
}

// What drivers tell of accelerators; nothing where no device has a driver that tells.
std::string accelerator_table(const PageInput& input) {
  Table table("Accelerators, by their drivers", {{"Device"}, {"Node"}, {"Trouble", "wide"}, {"Latest Xid"}, {"Memory", "number"}, {"Power", "number"},
                                                 {"Held down by", "wide"}, {"ECC uncorrected", "number"}, {"Rows remapped", "number"}, {"Driver"}});
  for (const DeviceRow* row : by_urgency(input.devices)) {
    const DeviceRecord& record = row->record;
    const AcceleratorReadings& readings = record.live.readings;
    if (readings.empty()) continue;
    const std::string trouble = driver_trouble(readings);
    table.row({escape_html(record.device.id), escape_html(record.node), trouble.empty() ? "" : alarming(trouble),
               readings.xids.empty() ? "" : fmt::format("{}, {}", readings.xids.front().code, ago(readings.xids.front().last, input.now)),
               readings.memory_temperature_celsius ? fmt::format("{:.0f} °C", *readings.memory_temperature_celsius) : "", power_of(record),
               escape_html(words(fmt::format("{}", fmt::join(readings.clock_events, ", ")))),
               readings.ecc_uncorrected ? counted(*readings.ecc_uncorrected) : "", readings.row_remaps ? fmt::format("{}", *readings.row_remaps) : "",
               escape_html(readings.driver_version)});
  }
  return table.empty() ? "" : table.html("");
}

std::string incident_table(const PageInput& input) {
  Table table("Recent incidents", {{"Incident"}, {"Opened"}, {"Node"}, {"Device"}, {"Unit", "number"}, {"Probe"}, {"Verdict"}, {"Decision"}});
  for (const IncidentRow& row : input.incidents) {
    const IncidentView& view = row.view;
    table.row({fmt::format("<code>{}</code>", escape_html(view.id)), ago(view.received, input.now), escape_html(view.node), escape_html(view.device_id),
               fmt::format("{}", view.unit), escape_html(to_string(view.probe)),
               words(to_string(view.verdict)) + (is_drill(view.synthetic) ? " <span class=\"drill\">drill</span>" : ""),
               view.last_decision ? words(to_string(*view.last_decision)) : ""});
  }
  return table.html("No incident yet.");
}

std::string event_table(const PageInput& input) {
  Table table("Recent events", {{"When"}, {"Node"}, {"What"}, {"Detail", "wide"}});
  for (const EventRow& row : input.events) {
    table.row({ago(row.at, input.now), escape_html(row.notice.node),
               escape_html(words(row.notice.kind)) + (row.notice.synthetic ? " <span class=\"drill\">drill</span>" : ""), escape_html(row.notice.text)});
  }
  return table.html("Nothing has happened yet.");
}

}  // namespace

std::string escape_html(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      default: out.push_back(c);
    }
  }
  return out;
}

std::string render_page(const PageInput& input) {
  const FleetSummary& fleet = input.fleet.summary;
  std::string out = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta http-equiv=\"refresh\" content=\"10\">\n";
  out += fmt::format("<title>{}Assay: fleet status</title>\n<style>{}</style>\n</head>\n<body>\n",
                     fleet.findings > 0 ? fmt::format("({}) ", fleet.findings) : "", kPageStyle);
  out += fmt::format("<header><h1>Assay</h1><span class=\"soft\">mode {} · {} · refreshes every 10 s</span></header>\n<main>\n",
                     to_string(input.fleet.options.mode), format_utc(input.now).substr(0, 19) + "Z");
  out += headline(fleet) + tiles(fleet) + quarantine_table(input) + device_table(input) + accelerator_table(input) + incident_table(input) + event_table(input);
  out += fmt::format("</main>\n<footer>assay-collector {} · passes never acquit a device: in service means no mismatch was seen, with a bound "
                     "on the error rate in <code>assayctl device show</code></footer>\n</body>\n</html>\n",
                     kVersion);
  return out;
}

}  // namespace assay::collector
