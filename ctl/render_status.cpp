// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "ctl/page_text.h"
#include "ctl/render.h"

namespace assay::ctl {
namespace {

ExitCode judge(const JsonValue& status) {
  if (status.number_or_zero("findings") > 0) return ExitCode::kFinding;
  const JsonValue nodes = status.at("nodes");
  const JsonValue runs = status.at("runs");
  // A document without the counts is no evidence of health either.
  const bool known = status.number("findings") && nodes.number("silent") && runs.number("match");
  const bool measured = runs.number_or_zero("match") + runs.number_or_zero("mismatch") > 0;
  return known && measured && nodes.number_or_zero("silent") == 0 ? ExitCode::kFine : ExitCode::kUnknown;
}

void verdict_line(PageText& page, const JsonValue& status, ExitCode exit) {
  const uint64_t findings = status.number_or_zero("findings");
  const uint64_t silent = status.at("nodes").number_or_zero("silent");
  switch (exit) {
    case ExitCode::kFinding: page.heading(fmt::format("{} present", plural(findings, "finding")), Tone::kBad); break;
    case ExitCode::kFine: page.heading("no findings", Tone::kGood); break;
    default:
      page.heading(silent > 0 ? fmt::format("no findings, but {} silent: could not tell", plural(silent, "node"))
                              : std::string("nothing measured yet: could not tell"),
                   Tone::kWarning);
  }
}

std::string device_counts(const JsonValue& devices) {
  std::string text = grouped(devices.number_or_zero("total"));
  for (const char* state : {"in_service", "suspect", "confirming", "quarantined", "probation", "in_repair", "retired", "unknown"}) {
    const uint64_t count = devices.at("by_state").number_or_zero(state);
    if (count > 0) text += fmt::format(", {} {}", grouped(count), words(state));
  }
  return text;
}

void quarantine_fields(PageText& page, const JsonValue& quarantine) {
  page.field("quarantine", fmt::format("{} active{}, {} of {} in 24 h", grouped(quarantine.number_or_zero("active")),
                                       quarantine.number_or_zero("synthetic") > 0
                                           ? fmt::format(" ({} by drill)", grouped(quarantine.number_or_zero("synthetic"))) : "",
                                       grouped(quarantine.number_or_zero("last_24h")), grouped(quarantine.number_or_zero("limit_24h"))));
  const std::string breaker = quarantine.text_or("breaker", kAbsent);
  if (breaker == "open") {
    page.field("breaker", "open: no more quarantines until assayctl breaker reset --reason TEXT", Tone::kBad);
  } else {
    page.field("breaker", breaker);
  }
}

}  // namespace

Result<Page> render_status(std::string_view json, const View& view) {
  const JsonValue status = TRY(parse_json_object(json));
  const ExitCode exit = judge(status);
  PageText page(view);
  verdict_line(page, status, exit);
  const JsonValue nodes = status.at("nodes");
  const JsonValue runs = status.at("runs");
  const JsonValue incidents = status.at("incidents");
  const JsonValue hooks = status.at("hooks");
  page.field("collector", fmt::format("{}, up {}", status.text_or("version", kAbsent),
                                      span_of_seconds((status.real("time_unix_ms").value_or(0) - status.real("started_unix_ms").value_or(0)) / 1e3)));
  page.field("mode", status.text_or("mode", kAbsent));
  page.field("nodes", fmt::format("{}, {} reporting, {} silent", grouped(nodes.number_or_zero("total")), grouped(nodes.number_or_zero("reporting")),
                                  grouped(nodes.number_or_zero("silent"))),
             nodes.number_or_zero("silent") > 0 ? Tone::kWarning : Tone::kPlain);
  page.field("devices", device_counts(status.at("devices")));
  page.field("runs", fmt::format("{} match, {} mismatch, {} inconclusive", grouped(runs.number_or_zero("match")),
                                 grouped(runs.number_or_zero("mismatch")), grouped(runs.number_or_zero("inconclusive"))));
  page.field("incidents", fmt::format("{} open, {} in 24 h", grouped(incidents.number_or_zero("open")), grouped(incidents.number_or_zero("last_24h"))));
  quarantine_fields(page, status.at("quarantine"));
  page.field("drain hooks", fmt::format("{} pending, {} failed", grouped(hooks.number_or_zero("pending")), grouped(hooks.number_or_zero("failed"))),
             hooks.number_or_zero("failed") > 0 ? Tone::kBad : Tone::kPlain);
  const auto frozen = status.list("frozen_probes");
  if (!frozen.empty()) {
    page.heading("frozen probes (they accuse nobody until assayctl probe unfreeze)", Tone::kWarning);
    Table table({{"PROBE", Align::kLeft}, {"COHORT", Align::kLeft, true}, {"SINCE", Align::kRight}, {"REASON", Align::kLeft, true}});
    for (const JsonValue& probe : frozen) {
      table.add({probe.text_or("probe", kAbsent), probe.text_or("cohort", kAbsent), ago(probe.integer("since_unix_ms"), view.now),
                 probe.text_or("reason", kAbsent)});
    }
    page.table(table);
  }
  return Page{page.take(), exit};
}

}  // namespace assay::ctl
