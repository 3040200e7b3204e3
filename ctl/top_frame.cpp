// SPDX-License-Identifier: Apache-2.0
#include "ctl/top_frame.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "ctl/json_writer.h"
#include "ctl/render.h"
#include "ctl/text_width.h"

namespace assay::ctl {
namespace {

constexpr size_t kEventRows = 8;       // always kept for events on a terminal that is high enough
constexpr size_t kFixedRows = 5;       // headline, table head, "more" line, blank, the cursor's line

// Smaller comes first.
int urgency(const JsonValue& device) {
  constexpr std::array<std::string_view, 4> kFirst = {"quarantined", "confirming", "suspect", "probation"};
  const std::string state = device.text_or("state", "");
  const auto found = std::find(kFirst.begin(), kFirst.end(), state);
  if (found != kFirst.end()) return static_cast<int>(found - kFirst.begin());
  return device.flag("silent") ? 8 : 9;
}

std::string headline(const TopInput& input, const View& view) {
  const JsonValue nodes = input.status.at("nodes");
  const uint64_t findings = input.status.number_or_zero("findings");
  const std::string time = utc(to_unix_ms(view.now)).substr(11);
  const std::string text = fmt::format("{}  mode {}  nodes {}/{}  devices {}  findings {}  quarantined {}  breaker {}", time,
                                       input.status.text_or("mode", kAbsent), grouped(nodes.number_or_zero("reporting")),
                                       grouped(nodes.number_or_zero("total")), grouped(input.status.at("devices").number_or_zero("total")),
                                       grouped(findings), grouped(input.status.at("quarantine").number_or_zero("active")),
                                       input.status.at("quarantine").text_or("breaker", kAbsent));
  const std::string fitting = view.width_columns == 0 ? printable(text) : cut_to_columns(printable(text), view.width_columns);
  return toned(fitting, findings > 0 ? Tone::kBad : Tone::kStrong, view.color) + "\n";
}

}  // namespace

std::string top_frame(const TopInput& input, const View& view, size_t rows) {
  std::vector<JsonValue> devices = input.devices.list("devices");
  std::stable_sort(devices.begin(), devices.end(), [](const JsonValue& a, const JsonValue& b) { return urgency(a) < urgency(b); });
  size_t hidden = 0;
  if (rows != 0) {
    const size_t room = std::max<size_t>(3, rows - std::min(rows, kFixedRows + kEventRows));
    if (devices.size() > room) {
      hidden = devices.size() - room;
      devices.resize(room);
    }
  }
  std::string out = headline(input, view);
  if (!input.trouble.empty()) {
    const std::string trouble = printable(input.trouble);
    out += toned(view.width_columns == 0 ? trouble : cut_to_columns(trouble, view.width_columns), Tone::kWarning, view.color) + "\n";
  }
  out += device_table(devices).text(view.width_columns, view.color);
  if (hidden > 0) out += toned(fmt::format("… and {}; see assayctl device list", plural(hidden, "more device")), Tone::kDim, view.color) + "\n";
  if (input.events.empty()) return out;
  out += '\n';
  const auto used = static_cast<size_t>(std::count(out.begin(), out.end(), '\n'));
  const size_t room = rows == 0 ? input.events.size() : rows - std::min(rows, used + 1);
  for (size_t i = input.events.size() - std::min(room, input.events.size()); i < input.events.size(); ++i) out += event_line(input.events[i], view) + "\n";
  return out;
}

std::string top_json(const TopInput& input) {
  std::string events = "[";
  for (const JsonValue& event : input.events) events += (events.size() > 1 ? "," : "") + event.dump();
  JsonWriter json;
  json.begin_object().raw_field("status", input.status.dump()).raw_field("devices", input.devices.at("devices").dump());
  return json.raw_field("events", events + "]").end_object().take();
}

}  // namespace assay::ctl
