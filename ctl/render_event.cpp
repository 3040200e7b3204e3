// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "ctl/render.h"
#include "ctl/text_width.h"

namespace assay::ctl {
namespace {

Tone tone_of_event(std::string_view kind) {
  for (const char* bad : {"mismatch", "quarantine", "hook_failed", "control_missed", "refuse", "freeze"}) {
    if (kind.find(bad) != std::string_view::npos) return Tone::kBad;
  }
  for (const char* warning : {"incident", "confirm", "suspect", "silent", "advise", "breaker"}) {
    if (kind.find(warning) != std::string_view::npos) return Tone::kWarning;
  }
  return Tone::kPlain;
}

}  // namespace

std::string event_line(const JsonValue& event, const View& view) {
  const std::string kind = printable(event.text_or("kind", kAbsent));
  std::string line = utc(event.integer("at_unix_ms"));
  const std::string text = printable(event.text_or("text", ""));
  const std::string node = printable(event.text_or("node", kAbsent));
  line += fmt::format("  {}  {}  {}{}", node, words(kind), is_synthetic(event) ? "[drill] " : "", text);
  if (view.width_columns != 0) line = cut_to_columns(line, view.width_columns);
  return toned(line, tone_of_event(kind), view.color);
}

Result<Page> render_events(std::string_view json, const View& view) {
  const JsonValue document = TRY(parse_json_object(json));
  std::string text;
  for (const JsonValue& event : document.list("events")) text += event_line(event, view) + "\n";
  return Page{text, ExitCode::kFine};
}

}  // namespace assay::ctl
