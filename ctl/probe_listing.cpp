// SPDX-License-Identifier: Apache-2.0
#include "ctl/probe_listing.h"

#include <algorithm>

#include <fmt/format.h>

#include "ctl/json_value.h"
#include "ctl/json_writer.h"
#include "probes/catalogue/catalogue.h"

namespace assay::ctl {
namespace {

ListedProbe from_spec(const ProbeSpec& spec) {
  ListedProbe probe;
  probe.probe = to_string(spec.ref);
  probe.family = spec.family;
  probe.precision = spec.precision;
  probe.tier = to_string(spec.tier);
  probe.exercises = spec.exercises;
  probe.operand_sets = spec.operand_sets;
  probe.weight = spec.weight;
  probe.memory_bytes = spec.memory_bytes;
  return probe;
}

ListedProbe from_api(const JsonValue& entry) {
  ListedProbe probe;
  probe.probe = entry.text_or("probe", kAbsent);
  probe.family = entry.text_or("family", "");
  probe.precision = entry.text_or("precision", "");
  probe.tier = entry.text_or("tier", "");
  probe.exercises = entry.text_or("exercises", "");
  probe.operand_sets = entry.number_or_zero("operand_sets");
  return probe;
}

ProbeUse use_of(const JsonValue& entry) {
  ProbeUse use;
  use.mode = entry.text_or("mode", kAbsent);
  use.runs = entry.number_or_zero("runs");
  use.mismatches = entry.number_or_zero("mismatches");
  use.inconclusive = entry.number_or_zero("inconclusive");
  for (const JsonValue& cohort : entry.list("frozen")) use.frozen.push_back(cohort.as_text().value_or(kAbsent));
  return use;
}

}  // namespace

Result<std::vector<ListedProbe>> list_probes(std::string_view api_json) {
  std::vector<ListedProbe> probes;
  for (const ProbeSpec& spec : probes::catalogue()) probes.push_back(from_spec(spec));
  if (api_json.empty()) return probes;
  const JsonValue document = TRY(parse_json_object(api_json));
  for (const JsonValue& entry : document.list("probes")) {
    const std::string name = entry.text_or("probe", "");
    auto known = std::find_if(probes.begin(), probes.end(), [&](const ListedProbe& probe) {
      return probe.probe == name || probe.probe.substr(0, probe.probe.find('/')) == name;
    });
    if (known == probes.end()) known = probes.insert(probes.end(), from_api(entry));
    known->use = use_of(entry);
  }
  return probes;
}

std::string probe_list_json(const std::vector<ListedProbe>& probes) {
  JsonWriter json;
  json.begin_object().begin_array("probes");
  for (const ListedProbe& probe : probes) {
    json.begin_object().field("probe", probe.probe).field("family", probe.family).field("precision", probe.precision).field("tier", probe.tier);
    json.field("exercises", probe.exercises).field("operand_sets", probe.operand_sets).field("weight", probe.weight);
    json.field("memory_bytes", probe.memory_bytes);
    if (probe.use) {
      json.field("mode", probe.use->mode).field("runs", probe.use->runs).field("mismatches", probe.use->mismatches);
      json.field("inconclusive", probe.use->inconclusive).begin_array("frozen");
      for (const std::string& cohort : probe.use->frozen) json.element(cohort);
      json.end_array();
    }
    json.end_object();
  }
  json.end_array().end_object();
  return json.take();
}

std::string probe_list_text(const std::vector<ListedProbe>& probes, const View& view) {
  const bool used = std::any_of(probes.begin(), probes.end(), [](const ListedProbe& probe) { return probe.use.has_value(); });
  std::vector<Column> columns = {{"PROBE"}, {"TIER"}, {"FAMILY"}, {"PRECISION"}, {"SETS", Align::kRight}};
  if (used) {
    const std::vector<Column> more = {{"MODE"}, {"RUNS", Align::kRight}, {"MISMATCH", Align::kRight}, {"INCONCL", Align::kRight}, {"FROZEN", Align::kLeft, true}};
    columns.insert(columns.end(), more.begin(), more.end());
  }
  columns.push_back({"EXERCISES", Align::kLeft, true});
  Table table(std::move(columns));
  for (const ListedProbe& probe : probes) {
    std::vector<Cell> row = {probe.probe, probe.tier, probe.family, probe.precision, grouped(probe.operand_sets)};
    if (used) {
      const ProbeUse use = probe.use.value_or(ProbeUse{kAbsent, 0, 0, 0, {}});
      row.emplace_back(use.mode);
      row.emplace_back(grouped(use.runs));
      row.emplace_back(grouped(use.mismatches), use.mismatches > 0 ? Tone::kBad : Tone::kPlain);
      row.emplace_back(grouped(use.inconclusive));
      row.emplace_back(use.frozen.empty() ? kAbsent : fmt::format("{}", fmt::join(use.frozen, ", ")), Tone::kWarning);
    }
    row.emplace_back(probe.exercises);
    table.add(std::move(row));
  }
  return table.text(view.width_columns, view.color);
}

}  // namespace assay::ctl
