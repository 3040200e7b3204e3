// SPDX-License-Identifier: Apache-2.0
#include "ctl/probe_listing.h"

#include <algorithm>

#include <fmt/format.h>

#include "ctl/json_value.h"
#include "ctl/json_writer.h"
#include "probes/catalogue/catalogue.h"
#include "probes/runner/protocol.h"

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

void write(JsonWriter& json, const VariantCost& variant) {
  json.begin_object();
  if (!variant.variant.empty()) json.field("variant", variant.variant);
  json.field("silicon", variant.silicon).field("cells", variant.cells).field("cells_covered", variant.cells_covered);
  if (variant.run_s) json.field("run_s", *variant.run_s);
  if (variant.hours_to_cover) json.field("hours_to_cover", *variant.hours_to_cover);
  json.end_object();
}

void write(JsonWriter& json, const ProbeCost& cost) {
  json.field("cells", cost.cells()).field("cells_covered", cost.cells_covered());
  if (!cost.variants.empty() && cost.variants.front().run_s) json.field("run_s", *cost.variants.front().run_s);
  if (const auto hours = cost.hours_to_cover()) json.field("hours_to_cover", *hours);
  json.begin_array("variants");
  for (const VariantCost& variant : cost.variants) write(json, variant);
  json.end_array();
}

// Runs take milliseconds, and a tenth of one is told.
std::string run_time(std::optional<double> seconds) {
  return seconds && *seconds >= 0 && *seconds < 1 ? fmt::format("{:.1f} ms", *seconds * 1e3) : span_of_seconds(seconds);
}

std::string hours(std::optional<double> value) { return span_of_seconds(value ? std::optional(*value * 3600) : std::nullopt); }

// "", or the sum of all in words.
std::string summary(const std::optional<CoverageCost>& cost) {
  if (!cost) return "";
  const ProbeCost total = cost->total();
  const std::string covered = total.cells_covered() ? fmt::format(", {} of them covered", grouped(*total.cells_covered())) : "";
  const std::string pass = total.hours_to_cover() ? fmt::format("one pass takes {} at a budget of {}", hours(total.hours_to_cover()), percent(cost->budget_ratio))
                                                  : std::string("the time of a pass is not known");
  const std::string source = cost->source == "agent" ? fmt::format("the agent of {} says", cost->node) : std::string("measured just now, for default settings");
  return fmt::format("\n{}{}; {} ({})\n", plural(total.cells(), "cell"), covered, pass, source);
}

struct ListColumns {
  bool use = false;
  bool cost = false;
};

std::vector<Cell> cost_cells(std::optional<double> run_s, uint64_t cells, std::optional<double> hours_to_cover) {
  return {run_time(run_s), grouped(cells), hours(hours_to_cover)};
}

std::vector<Cell> row_of(const ListedProbe& probe, const ListColumns& columns) {
  std::vector<Cell> row = {probe.probe, probe.tier, probe.family, probe.precision, grouped(probe.operand_sets)};
  if (columns.cost) {
    const ProbeCost cost = probe.cost.value_or(ProbeCost{});
    const auto cells = probe.cost ? cost_cells(cost.variants.empty() ? std::nullopt : cost.variants.front().run_s, cost.cells(), cost.hours_to_cover())
                                  : std::vector<Cell>{kAbsent, kAbsent, kAbsent};
    row.insert(row.end(), cells.begin(), cells.end());
  }
  if (columns.use) {
    const ProbeUse use = probe.use.value_or(ProbeUse{kAbsent, 0, 0, 0, {}});
    row.emplace_back(use.mode);
    row.emplace_back(grouped(use.runs));
    row.emplace_back(grouped(use.mismatches), use.mismatches > 0 ? Tone::kBad : Tone::kPlain);
    row.emplace_back(grouped(use.inconclusive));
    row.emplace_back(use.frozen.empty() ? kAbsent : fmt::format("{}", fmt::join(use.frozen, ", ")), Tone::kWarning);
  }
  row.emplace_back(probe.exercises);
  return row;
}

std::vector<Cell> row_of(const VariantCost& variant, const ListColumns& columns) {
  std::vector<Cell> row = {Cell("  " + (variant.variant.empty() ? std::string("strongest") : variant.variant), Tone::kDim), "", "", "", ""};
  const auto cells = cost_cells(variant.run_s, variant.cells, variant.hours_to_cover);
  row.insert(row.end(), cells.begin(), cells.end());
  if (columns.use) row.insert(row.end(), 5, Cell(""));
  row.emplace_back(variant.silicon, Tone::kDim);
  return row;
}

// What the agent runs beside the catalogue: replays of the site's own.
void add_replays(const CoverageCost& cost, std::vector<ListedProbe>& probes) {
  for (const auto& [name, of_probe] : cost.probes) {
    if (!name.starts_with(probes::kReplayPrefix)) continue;
    ListedProbe replay;
    replay.probe = name;
    replay.family = "user";
    replay.precision = "user";
    replay.tier = of_probe.tier;
    replay.exercises = "a computation of the site's own";
    replay.operand_sets = of_probe.operand_sets;
    replay.cost = of_probe;
    probes.push_back(std::move(replay));
  }
}

}  // namespace

Result<std::vector<ListedProbe>> list_probes(std::string_view api_json, const std::optional<CoverageCost>& cost) {
  std::vector<ListedProbe> probes;
  for (const ProbeSpec& spec : probes::all_probes()) {
    probes.push_back(from_spec(spec));
    if (!cost) continue;
    if (const auto known = cost->probes.find(probes.back().probe); known != cost->probes.end()) probes.back().cost = known->second;
  }
  if (cost) add_replays(*cost, probes);
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

std::string probe_list_json(const std::vector<ListedProbe>& probes, const std::optional<CoverageCost>& cost) {
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
    if (probe.cost) write(json, *probe.cost);
    json.end_object();
  }
  json.end_array();
  if (cost) {
    const ProbeCost total = cost->total();
    json.begin_object("coverage").field("source", cost->source);
    if (!cost->node.empty()) json.field("node", cost->node);
    json.field("budget_ratio", cost->budget_ratio).field("cells", total.cells()).field("cells_covered", total.cells_covered());
    if (const auto pass = total.hours_to_cover()) json.field("hours_to_cover", *pass);
    json.end_object();
  }
  json.end_object();
  return json.take();
}

std::string probe_list_text(const std::vector<ListedProbe>& probes, const std::optional<CoverageCost>& cost, ListDetail detail, const View& view) {
  const ListColumns shown{std::any_of(probes.begin(), probes.end(), [](const ListedProbe& probe) { return probe.use.has_value(); }), cost.has_value()};
  std::vector<Column> columns = {{"PROBE"}, {"TIER"}, {"FAMILY"}, {"PRECISION"}, {"SETS", Align::kRight}};
  if (shown.cost) {
    const std::vector<Column> more = {{"RUN", Align::kRight}, {"CELLS", Align::kRight}, {"TO COVER", Align::kRight}};
    columns.insert(columns.end(), more.begin(), more.end());
  }
  if (shown.use) {
    const std::vector<Column> more = {{"MODE"}, {"RUNS", Align::kRight}, {"MISMATCH", Align::kRight}, {"INCONCL", Align::kRight}, {"FROZEN", Align::kLeft, true}};
    columns.insert(columns.end(), more.begin(), more.end());
  }
  columns.push_back({"EXERCISES", Align::kLeft, true});
  Table table(std::move(columns));
  for (const ListedProbe& probe : probes) {
    table.add(row_of(probe, shown));
    if (detail == ListDetail::kProbes || !probe.cost) continue;
    for (const VariantCost& variant : probe.cost->variants) table.add(row_of(variant, shown));
  }
  return table.text(view.width_columns, view.color) + summary(cost);
}

}  // namespace assay::ctl
