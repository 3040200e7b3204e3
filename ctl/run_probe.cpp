// SPDX-License-Identifier: Apache-2.0
#include "ctl/run_probe.h"

#include <charconv>

#include <fmt/format.h>

#include "common/model/limits.h"
#include "golden_key.h"
#include "ctl/probe_report.h"
#include "probes/catalogue/catalogue.h"

namespace assay::ctl {
namespace {

constexpr std::chrono::seconds kRunnerPatience{15};   // beyond the budget: start, first operands, the last step

Result<uint64_t> parse_mask(std::string_view text) {
  std::string_view digits = text;
  if (digits.starts_with("0x")) digits.remove_prefix(2);
  uint64_t mask = 0;
  const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), mask, 16);
  if (problem != std::errc{} || end != digits.data() + digits.size() || mask == 0) {
    return make_error(ErrorCode::kInvalid, fmt::format("--mask '{}' is not a hexadecimal number with a bit in it", text.substr(0, 32)));
  }
  return mask;
}

Result<probes::Injection> plan_injection(const RunProbeOptions& options) {
  probes::Injection injection;
  if (options.inject.empty()) {
    if (options.step || !options.mask.empty()) return make_error(ErrorCode::kInvalid, "--step and --mask need --inject SHAPE");
    return injection;
  }
  injection.shape = TRY(parse_fault_shape(options.inject));
  injection.unit = options.unit.value_or(0);
  injection.step = options.step.value_or(0);
  if (!options.mask.empty()) injection.mask = TRY(parse_mask(options.mask));
  injection.seed = 1;
  return injection;
}

}  // namespace

Result<probes::RunRequest> plan_run(const RunProbeOptions& options, const ProbeSpec& spec, const Device& device) {
  if (options.unit && *options.unit >= device.units.size()) {
    return make_error(ErrorCode::kInvalid, fmt::format("--unit {}: {} has units 0 to {}", *options.unit, device.id, device.units.size() - 1));
  }
  if (options.set >= spec.operand_sets || options.sets == 0 || options.sets > spec.operand_sets) {
    return make_error(ErrorCode::kInvalid, fmt::format("{} has operand sets 0 to {}: --set and --sets go beyond", spec.ref.id, spec.operand_sets - 1));
  }
  probes::RunRequest request;
  request.id = 1;
  request.probe = spec.ref;
  request.variant = options.variant;
  request.cpus = device.units;
  for (uint32_t unit = 0; unit < device.units.size(); ++unit) {
    if (!options.unit || *options.unit == unit) request.work.push_back({unit, options.set});
  }
  request.set_count = options.sets;
  request.max_runs = options.runs.value_or(options.sets);
  request.budget = TRY(parse_patience(options.budget));
  if (request.budget > limits::kSliceBudgetMax) return make_error(ErrorCode::kInvalid, "--for is at most 60s");
  request.injection = TRY(plan_injection(options));
  request.synthetic = request.injection.shape == FaultShape::kNone ? Synthetic::kNone : Synthetic::kDrill;
  request.report_digests = true;
  return request;
}

Result<ExitCode> run_probe(Invocation& invocation, const RunProbeOptions& options) {
  const ProbeSpec* spec = probes::find_probe(options.probe.substr(0, options.probe.find('/')));
  if (spec == nullptr) return make_error(ErrorCode::kNotFound, fmt::format("no probe '{}'; see assayctl probe list", options.probe));
  const RunnerSession session(TRY(find_runner(invocation.settings(), invocation.shell().program)));
  const RunnerInventory inventory = TRY(session.inventory(options.device.empty() ? Backends::kHost : Backends::kAll));
  const Device device = TRY(named_device(inventory.devices, options.device, options.socket));
  probes::RunRequest request = TRY(plan_run(options, *spec, device));
  const auto folder = TRY(find_goldens(invocation.settings(), invocation.shell().program));
  const auto goldens = TRY(load_goldens(folder, kGoldenKeyHex));
  if (const probes::GoldenTable* table = goldens.find(spec->ref)) {
    request.goldens = table->digests;
    request.golden_hash = table->hash;
  }
  const RunnerAnswer answer = TRY(session.run(request, kRunnerPatience, place_of(inventory, device)));
  const ProbeReport report = make_probe_report(request, answer, device, spec->operand_sets);
  invocation.console().out(invocation.json() ? probe_report_json(report) + "\n" : probe_report_text(report, invocation.view()));
  return exit_code_of(report.outcome());
}

}  // namespace assay::ctl
