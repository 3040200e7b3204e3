// SPDX-License-Identifier: Apache-2.0
#include "ctl/matrix_report.h"

#include <algorithm>
#include <functional>
#include <iterator>

#include <fmt/format.h>

#include "ctl/json_writer.h"
#include "ctl/page_text.h"

namespace assay::ctl {
namespace {

// The same words on every page that shows the numbers.
constexpr std::string_view kProves =
    "This proves: a wrong word of an output, a wrong bit of the state of a chain, a word that was not written, a hang and a death are seen by the frame, the digest and the "
    "comparator, in every variant";
constexpr std::string_view kProvesNot =
    "It does not prove: how many real defects the operands excite; faults that sit between two steps inside a kernel; faults of the frame itself (an outside "
    "injector tries those)";
constexpr std::string_view kMaskedMeans = "Masked: the fault changed nothing, every digest is its golden; such runs are rightly called a match and stay out of the rate";

std::string rate_text(const MatrixCell& cell) {
  const Counts counts = cell.rate();
  if (counts.trials == 0) return kAbsent;
  // Never rounded up to all.
  const double share = static_cast<double>(counts.hits) / static_cast<double>(counts.trials);
  return counts.hits == counts.trials ? "100 %" : fmt::format("{:.2f} %", std::min(share * 100, 99.99));
}

std::string interval_text(const MatrixCell& cell) {
  if (cell.rate().trials == 0) return kAbsent;
  const RateInterval interval = wilson_interval(cell.rate());
  return fmt::format("{:.2f}-{:.2f} %", interval.low * 100, interval.high * 100);
}

std::string short_name(const MatrixCell& cell) { return fmt::format("{} {}", cell.probe.id, cell.variant); }

Table counts_table(const std::vector<MatrixCell>& sums, const std::vector<Column>& names, const std::function<std::vector<Cell>(const MatrixCell&)>& name) {
  std::vector<Column> columns = names;
  const std::vector<Column> more = {{"PLANTED", Align::kRight}, {"FOUND", Align::kRight}, {"MISSED", Align::kRight}, {"MASKED", Align::kRight},
                                    {"UNSURE", Align::kRight},  {"RATE", Align::kRight},  {"95 % INTERVAL", Align::kRight}};
  columns.insert(columns.end(), more.begin(), more.end());
  Table table(std::move(columns));
  for (const MatrixCell& sum : sums) {
    std::vector<Cell> row = name(sum);
    row.emplace_back(grouped(sum.planted));
    row.emplace_back(grouped(sum.found));
    row.emplace_back(grouped(sum.missed), sum.missed > 0 ? Tone::kBad : Tone::kPlain);
    row.emplace_back(grouped(sum.masked));
    row.emplace_back(grouped(sum.unsure), sum.unsure > 0 ? Tone::kWarning : Tone::kPlain);
    row.emplace_back(rate_text(sum), sum.missed > 0 ? Tone::kBad : Tone::kGood);
    row.emplace_back(interval_text(sum));
    table.add(std::move(row));
  }
  return table;
}

uint64_t total_missed(const MatrixReport& report) {
  uint64_t missed = 0;
  for (const MatrixCell& cell : report.cells) missed += cell.missed;
  return missed;
}

std::string verdict_of(const MatrixReport& report) {
  switch (report.exit_code()) {
    case ExitCode::kFine: return total_missed(report) == 0 ? "every fault that changed something was found" : "missed by probes below tier T1 alone";
    case ExitCode::kFinding: return fmt::format("{} MISSED", plural(total_missed(report), "fault"));
    default: return "could not tell for every probe";
  }
}

void write_counts(JsonWriter& json, const MatrixCell& cell) {
  json.field("planted", cell.planted).field("found", cell.found).field("missed", cell.missed).field("masked", cell.masked).field("unsure", cell.unsure);
  const Counts counts = cell.rate();
  if (counts.trials == 0) return;
  const RateInterval interval = wilson_interval(counts);
  json.field("rate", static_cast<double>(counts.hits) / static_cast<double>(counts.trials)).field("rate_low", interval.low).field("rate_high", interval.high);
}

// "20" where all that was planted was found, else "17 (3 masked)", "**19 of 20**".
std::string markdown_cell(const MatrixCell& cell) {
  if (cell.planted == 0) return "-";
  std::string text = cell.missed > 0 ? fmt::format("**{} of {}**", cell.found, cell.rate().trials) : fmt::format("{}", cell.found);
  if (cell.masked > 0) text += fmt::format(" ({} masked)", cell.masked);
  if (cell.unsure > 0) text += fmt::format(" ({} unsure)", cell.unsure);
  return text;
}

std::string markdown_counts(const MatrixCell& sum) {
  return fmt::format("{} | {} | {} | {} | {} | {} | {} |\n", grouped(sum.planted), grouped(sum.found), grouped(sum.missed), grouped(sum.masked),
                     grouped(sum.unsure), rate_text(sum), interval_text(sum));
}

std::string markdown_matrix(const MatrixReport& report) {
  const auto faults = sums_by_fault(report.cells);
  std::string out = "| probe, variant |";
  std::string rule = "|---|";
  for (const MatrixCell& fault : faults) {
    if (fault.fault == "one_in_n") continue;   // counts runs, not trials
    out += fmt::format(" {} |", fault.fault);
    rule += "---|";
  }
  out += "\n" + rule;
  std::string last;
  for (const MatrixCell& cell : report.cells) {
    if (cell.fault == "one_in_n") continue;
    if (const std::string name = short_name(cell); name != last) {
      out += fmt::format("\n| `{}` {} |", cell.probe.id, cell.variant);
      last = name;
    }
    out += fmt::format(" {} |", markdown_cell(cell));
  }
  return out + "\n";
}

constexpr char kMarkdownHead[] = R"(# Detection matrix

Every probe in every variant, each shape of [fault](../reference/fault-shapes.md) planted in it, through the real runner and its comparator. Made with

```
assayctl probe matrix --trials {} --seed {} --markdown > docs/measured/detection-matrix.md
```

on {}, {} seen from {}, in {}. The same seed plants the same faults; `--json` gives every cell with its interval.

Result: **{}**. Per trial one fault in one run of one operand set chosen by the seed, with new place, bits and step. Half of the trials hit an output, the other half the state of a
chain where the shape can. `clean`: nothing is planted and the run must match. `hang` and `crash`: a fifth of the trials, found when the runner had to be killed or died. `one_in_n`: slices of {} runs, each hit
with probability 1/{}; counted are the runs that came out wrong, each of which the comparator must have counted. `blind_comparator` breaks the comparator: the digests that were reported must tell, as they
tell the collector; it shows as well that this table can fail. Intervals: Wilson, 95 %.

- {}.
- {}.
- {}.

)";

}  // namespace

std::string matrix_json(const MatrixReport& report) {
  JsonWriter json;
  json.begin_object().field("seed", report.seed).field("trials", report.trials).field("device_id", report.device_id).field("model", report.model);
  json.begin_array("units");
  for (const uint32_t unit : report.units) json.element(uint64_t{unit});
  json.end_array().field("took_s", to_seconds(report.took));
  const ExitCode exit = report.exit_code();
  json.field("verdict", exit == ExitCode::kFine ? "fine" : exit == ExitCode::kFinding ? "finding" : "unknown");
  json.begin_array("cells");
  for (const MatrixCell& cell : report.cells) {
    json.begin_object().field("probe", to_string(cell.probe)).field("variant", cell.variant).field("tier", to_string(cell.tier)).field("fault", cell.fault);
    write_counts(json, cell);
    json.end_object();
  }
  json.end_array().begin_array("faults");
  for (const MatrixCell& sum : sums_by_fault(report.cells)) {
    json.begin_object().field("fault", sum.fault);
    write_counts(json, sum);
    json.end_object();
  }
  json.end_array().begin_array("without_golden");
  for (const ProbeRef& probe : report.without_golden) json.element(to_string(probe));
  json.end_array().end_object();
  return json.take();
}

std::string matrix_text(const MatrixReport& report, const View& view) {
  PageText page(view);
  const ExitCode exit = report.exit_code();
  page.heading(fmt::format("detection matrix: {}", verdict_of(report)), exit == ExitCode::kFine ? Tone::kGood : exit == ExitCode::kFinding ? Tone::kBad : Tone::kWarning);
  page.field("device", fmt::format("{} ({}), {}", report.device_id, report.model, plural(report.units.size(), "unit")));
  page.field("trials", fmt::format("{} of each fault in each variant, seed {}, in {}", report.trials, report.seed, format_span(report.took)));
  for (const ProbeRef& probe : report.without_golden) page.field("no golden", to_string(probe), Tone::kWarning);
  page.heading("by fault");
  page.table(counts_table(sums_by_fault(report.cells), {{"FAULT"}}, [](const MatrixCell& sum) { return std::vector<Cell>{sum.fault}; }));
  page.heading("by probe and variant, over all faults that are for the comparator to find");
  page.table(counts_table(sums_by_variant(report.cells), {{"PROBE", Align::kLeft, true}, {"VARIANT"}, {"TIER"}}, [](const MatrixCell& sum) {
    return std::vector<Cell>{to_string(sum.probe), sum.variant, std::string(to_string(sum.tier))};
  }));
  std::vector<MatrixCell> missed;
  std::copy_if(report.cells.begin(), report.cells.end(), std::back_inserter(missed), [](const MatrixCell& cell) { return cell.missed > 0; });
  if (!missed.empty()) {
    page.heading("missed", Tone::kBad);
    page.table(counts_table(missed, {{"PROBE", Align::kLeft, true}, {"VARIANT"}, {"FAULT"}}, [](const MatrixCell& cell) {
      return std::vector<Cell>{to_string(cell.probe), cell.variant, cell.fault};
    }));
  }
  page.heading("what this says");
  for (const std::string_view text : {kProves, kProvesNot, kMaskedMeans}) page.prose(text);
  return page.take();
}

std::string matrix_markdown(const MatrixReport& report) {
  std::string text = fmt::format(kMarkdownHead, report.trials, report.seed, report.model, plural(report.units.size(), "unit"), report.device_id,
                                 format_span(report.took), verdict_of(report), kRunsOfASlice, kOneIn, kProves, kProvesNot, kMaskedMeans);
  constexpr char kColumns[] = "planted | found | missed | masked | unsure | rate | 95 % interval |\n";
  constexpr char kRule[] = "---|---|---|---|---|---|---|\n";
  text += fmt::format("## By fault\n\n| fault | {}|---|{}", kColumns, kRule);
  for (const MatrixCell& sum : sums_by_fault(report.cells)) text += fmt::format("| {} | {}", sum.fault, markdown_counts(sum));
  text += fmt::format("\n## By probe and variant\n\nOver all faults that are for the comparator to find: without `clean` and `blind_comparator`.\n\n| probe | variant | tier | {}|---|---|---|{}",
                      kColumns, kRule);
  for (const MatrixCell& sum : sums_by_variant(report.cells)) {
    text += fmt::format("| `{}` | {} | {} | {}", sum.probe.id, sum.variant, to_string(sum.tier), markdown_counts(sum));
  }
  return text + "\n## The matrix\n\nFound, of those that changed something; without `one_in_n`, whose runs are counted above.\n\n" + markdown_matrix(report);
}

}  // namespace assay::ctl
