// SPDX-License-Identifier: Apache-2.0
#include "ctl/calibrate.h"

#include <algorithm>

#include "common/model/limits.h"
#include "probes/catalogue/catalogue.h"

namespace assay::ctl {
namespace {

constexpr uint32_t kRuns = 3;
constexpr std::chrono::seconds kPatience{2};

std::optional<double> seconds_of_run(const ProbeSpec& spec, const std::string& variant, const Device& device, const RunOnce& run) {
  probes::RunRequest request;
  request.id = 1;
  request.probe = spec.ref;
  request.variant = variant;
  request.cpus = device.units;
  request.work = {{0, 0}};
  request.set_count = std::min(kRuns, spec.operand_sets);
  request.max_runs = kRuns;
  request.budget = kPatience;
  const auto answer = run(request);
  if (!answer || !answer->result || answer->result->units.empty()) return std::nullopt;
  const UnitResult& unit = answer->result->units.front().result;
  if (unit.runs == 0 || unit.busy <= Duration::zero()) return std::nullopt;
  return to_seconds(unit.busy) / unit.runs;
}

// As the agent does it: twice the slice until a run fits.
double slice_for(double run_s) {
  double slice_s = to_seconds(limits::kSliceDefault);
  for (uint32_t doubling = 0; doubling < limits::kSliceDoublingsMax && slice_s < run_s; ++doubling) slice_s *= 2;
  return slice_s;
}

}  // namespace

Result<CoverageCost> calibrate(const RunnerInventory& inventory, const RunOnce& run) {
  const auto first = std::find_if(inventory.devices.begin(), inventory.devices.end(), [](const Device& device) { return device.kind == DeviceKind::kCpuSocket; });
  if (first == inventory.devices.end()) return make_error(ErrorCode::kNotFound, "this machine has no CPU socket to measure on");
  uint64_t units = 0;
  for (const Device& device : inventory.devices) units += device.kind == DeviceKind::kCpuSocket ? device.units.size() : 0;

  CoverageCost cost;
  cost.source = "calibration";
  cost.budget_ratio = limits::kBudgetRatioDefault;
  for (const probes::ProbeVariant& offer : inventory.variants) {
    const ProbeSpec* spec = probes::find_probe(offer.probe);
    if (offer.device != first->id || !offer.runs() || spec == nullptr) continue;
    VariantCost one{offer.variant, offer.silicon, units, std::nullopt, seconds_of_run(*spec, offer.variant, *first, run), std::nullopt};
    // Every socket spends its own budget on its own units, so their number cancels.
    if (one.run_s) one.hours_to_cover = slice_for(*one.run_s) / (limits::kBudgetAim * cost.budget_ratio) / 3600;
    cost.probes[to_string(spec->ref)].variants.push_back(std::move(one));
  }
  return cost;
}

}  // namespace assay::ctl
