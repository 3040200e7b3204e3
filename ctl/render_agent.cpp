// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "ctl/page_text.h"
#include "ctl/render.h"

namespace assay::ctl {

namespace {

// How well each device is covered in each condition it was seen in; nothing where the machine tells none.
void conditions_page(PageText& page, const std::vector<JsonValue>& devices) {
  Table table({{"DEVICE", Align::kLeft, true}, {"CONDITION"}, {"CELLS", Align::kRight}, {"COVERED", Align::kRight}, {"OLDEST", Align::kRight}});
  for (const JsonValue& device : devices) {
    for (const JsonValue& bin : device.list("bins")) {
      table.add({device.text_or("id", kAbsent), bin.text_or("bin", kAbsent), grouped(device.number_or_zero("cells")), grouped(bin.number_or_zero("cells_covered")),
                 span_of_seconds(bin.real("oldest_cell_age_s"))});
    }
  }
  if (table.empty()) return;
  page.heading("coverage by condition");
  page.table(table);
}

}  // namespace

Result<Page> render_agent_status(std::string_view json, const View& view) {
  const JsonValue status = TRY(parse_json_object(json));
  const JsonValue collector = status.at("collector");
  const JsonValue spool = status.at("spool");
  PageText page(view);
  page.heading(fmt::format("agent of {}, version {}", status.text_or("node", kAbsent), status.text_or("version", kAbsent)));
  const bool connected = collector.flag("connected");
  page.field("collector", fmt::format("{}, {}, last acknowledgement {}", collector.text_or("url", kAbsent), connected ? "connected" : "NOT connected",
                                      ago(collector.integer("last_ack_unix_ms"), view.now)),
             connected ? Tone::kPlain : Tone::kWarning);
  page.field("last error", collector.text_or("last_error", ""), Tone::kWarning);
  page.field("spool", fmt::format("{}, {}, {} dropped", plural(spool.number_or_zero("reports"), "report"), bytes(spool.number_or_zero("bytes")),
                                  grouped(spool.number_or_zero("dropped"))),
             spool.number_or_zero("dropped") > 0 ? Tone::kWarning : Tone::kPlain);
  page.heading("devices");
  page.table(device_table(status.list("devices")));
  conditions_page(page, status.list("devices"));
  const auto incidents = status.list("incidents");
  if (!incidents.empty()) {
    page.heading("incidents");
    page.table(incident_table(incidents, view));
  }
  return Page{page.take(), ExitCode::kFine};
}

Result<Page> render_node_check(std::string_view json, const View& view) {
  const JsonValue answer = TRY(parse_json_object(json));
  const std::string verdict = answer.text_or("verdict", "unknown");
  PageText page(view);
  const bool fine = verdict == "fine";
  const bool finding = verdict == "finding";
  page.heading(fine ? "fine" : finding ? "finding: do not start a job here" : "could not tell", fine ? Tone::kGood : finding ? Tone::kBad : Tone::kWarning);
  for (const JsonValue& reason : answer.list("reasons")) page.prose(reason.as_text().value_or(kAbsent));
  return Page{page.take(), fine ? ExitCode::kFine : finding ? ExitCode::kFinding : ExitCode::kUnknown};
}

}  // namespace assay::ctl
