// SPDX-License-Identifier: Apache-2.0
#include "ctl/golden_listing.h"

#include <fmt/format.h>

#include "ctl/json_writer.h"
#include "ctl/page_text.h"
#include "probes/catalogue/catalogue.h"

namespace assay::ctl {

std::vector<ListedGolden> list_goldens_of(const probes::GoldenSet& set) {
  std::vector<ListedGolden> goldens;
  for (const ProbeSpec& spec : probes::all_probes()) {
    if (!has_golden(spec.tier)) continue;
    ListedGolden golden{to_string(spec.ref), 0, ""};
    if (const probes::GoldenTable* table = set.find(spec.ref)) {
      golden.operand_sets = table->digests.size();
      golden.hash = to_hex(table->hash);
    }
    goldens.push_back(std::move(golden));
  }
  return goldens;
}

std::vector<std::string> probes_without_golden(const probes::GoldenSet& set) {
  std::vector<std::string> missing;
  for (const ProbeSpec& spec : probes::all_probes()) {
    if (has_golden(spec.tier) && set.find(spec.ref) == nullptr) missing.push_back(to_string(spec.ref));
  }
  return missing;
}

std::string golden_list_json(const std::vector<ListedGolden>& goldens, std::string_view folder) {
  JsonWriter json;
  json.begin_object().field("folder", folder).begin_array("goldens");
  for (const ListedGolden& golden : goldens) {
    json.begin_object().field("probe", golden.probe).field("operand_sets", golden.operand_sets);
    if (!golden.hash.empty()) json.field("hash", golden.hash);
    json.end_object();
  }
  json.end_array().end_object();
  return json.take();
}

std::string golden_list_text(const std::vector<ListedGolden>& goldens, const View& view) {
  Table table({{"PROBE"}, {"SETS", Align::kRight}, {"HASH"}});
  for (const ListedGolden& golden : goldens) {
    table.add({golden.probe, grouped(golden.operand_sets), golden.hash.empty() ? Cell("no golden", Tone::kWarning) : Cell(golden.hash)});
  }
  return table.text(view.width_columns, view.color);
}

ExitCode exit_code_of(const GoldenCheck& check) {
  if (!check.problem.empty()) return ExitCode::kFinding;
  return check.missing.empty() ? ExitCode::kFine : ExitCode::kUnknown;
}

std::string golden_check_json(const GoldenCheck& check) {
  JsonWriter json;
  json.begin_object().field("folder", check.folder).field("public_key", check.public_key).field("trusted", check.problem.empty());
  if (!check.problem.empty()) json.field("problem", check.problem);
  json.field("files", check.files).begin_array("missing");
  for (const std::string& probe : check.missing) json.element(probe);
  json.end_array().end_object();
  return json.take();
}

std::string golden_check_text(const GoldenCheck& check, const View& view) {
  PageText page(view);
  if (check.problem.empty()) {
    page.heading(fmt::format("{}, signature and hashes right", plural(check.files, "golden file")), Tone::kGood);
  } else {
    page.heading("golden set NOT to be trusted", Tone::kBad);
    page.prose(check.problem);
  }
  page.field("folder", check.folder);
  page.field("public key", check.public_key);
  page.field("without golden", fmt::format("{}", fmt::join(check.missing, ", ")), Tone::kWarning);
  return page.take();
}

}  // namespace assay::ctl
