// SPDX-License-Identifier: Apache-2.0
#include "ctl/coverage_cost.h"

#include <algorithm>

#include "ctl/json_value.h"

namespace assay::ctl {
namespace {

constexpr double kSecondsPerHour = 3600;

std::optional<double> larger(std::optional<double> one, std::optional<double> other) {
  if (!one || !other) return one ? one : other;
  return std::max(*one, *other);
}

// Adds what one device of the node says of a variant.
void merge(ProbeCost& into, const JsonValue& entry) {
  const std::string name = entry.text_or("variant", "");
  auto known = std::find_if(into.variants.begin(), into.variants.end(), [&](const VariantCost& cost) { return cost.variant == name; });
  if (known == into.variants.end()) known = into.variants.insert(into.variants.end(), {name, entry.text_or("silicon", ""), 0, std::nullopt, std::nullopt, std::nullopt});
  known->cells += entry.number_or_zero("cells");
  known->cells_covered = known->cells_covered.value_or(0) + entry.number_or_zero("cells_covered");
  known->run_s = larger(known->run_s, entry.real("run_s"));
  const auto pass_s = entry.real("pass_s");
  if (pass_s) known->hours_to_cover = larger(known->hours_to_cover, *pass_s / kSecondsPerHour);
}

}  // namespace

uint64_t ProbeCost::cells() const {
  uint64_t sum = 0;
  for (const VariantCost& variant : variants) sum += variant.cells;
  return sum;
}

std::optional<uint64_t> ProbeCost::cells_covered() const {
  uint64_t sum = 0;
  for (const VariantCost& variant : variants) {
    if (!variant.cells_covered) return std::nullopt;
    sum += *variant.cells_covered;
  }
  return sum;
}

std::optional<double> ProbeCost::hours_to_cover() const {
  double sum = 0;
  for (const VariantCost& variant : variants) {
    if (!variant.hours_to_cover) return std::nullopt;
    sum += *variant.hours_to_cover;
  }
  return sum;
}

ProbeCost CoverageCost::total() const {
  ProbeCost all;
  for (const auto& [probe, cost] : probes) all.variants.insert(all.variants.end(), cost.variants.begin(), cost.variants.end());
  return all;
}

Result<CoverageCost> cost_from_agent(std::string_view json) {
  const JsonValue document = TRY(parse_json_object(json));
  CoverageCost cost;
  cost.source = "agent";
  cost.node = document.text_or("node", "");
  const auto devices = document.list("devices");
  if (devices.empty()) return make_error(ErrorCode::kCorrupt, "the agent's answer names no device");
  for (const JsonValue& device : devices) {
    cost.budget_ratio = std::max(cost.budget_ratio, device.real("budget_ratio").value_or(0));
    for (const JsonValue& probe : device.list("probes")) {
      ProbeCost& known = cost.probes[probe.text_or("probe", "")];
      known.tier = probe.text_or("tier", "");
      known.operand_sets = probe.number_or_zero("operand_sets");
      for (const JsonValue& variant : probe.list("variants")) merge(known, variant);
    }
  }
  return cost;
}

}  // namespace assay::ctl
