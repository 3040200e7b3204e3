// SPDX-License-Identifier: Apache-2.0
#include <filesystem>

#include <fmt/format.h>

#include "ctl/agent_call.h"
#include "ctl/calibrate.h"
#include "ctl/commands.h"
#include "ctl/device_offers.h"
#include "ctl/json_writer.h"
#include "ctl/probe_listing.h"
#include "ctl/query.h"
#include "ctl/render.h"
#include "ctl/run_probe.h"
#include "ctl/runner_session.h"

namespace assay::ctl {
namespace {

struct UnfreezeOptions {
  std::string probe;
  std::string cohort;
  std::string reason;
};

struct ListOptions {
  bool offline = false;
  bool calibrate = false;
  bool variants = false;
  bool devices = false;
};

constexpr std::chrono::seconds kCalibratePatience{10};   // beyond what a run of the calibration may take

// What covering this node costs: as the agent here has learned it, or measured now. Absent when neither is to be had.
Result<std::optional<CoverageCost>> find_cost(Invocation& invocation, const ListOptions& options) {
  if (options.calibrate) {
    const RunnerSession session(TRY(find_runner(invocation.settings(), invocation.shell().program)));
    const RunnerInventory inventory = TRY(session.inventory(Backends::kHost));
    invocation.note(fmt::format("measuring {} on one core, about ten seconds", plural(inventory.variants.size(), "variant")));
    return std::optional(TRY(calibrate(inventory, [&](const probes::RunRequest& request) { return session.run(request, kCalibratePatience); })));
  }
  std::error_code ignored;
  if (options.offline || !std::filesystem::exists(invocation.settings().agent_socket, ignored)) return std::optional<CoverageCost>();
  const auto answer = call_agent(invocation.settings().agent_socket, "probes", invocation.settings().timeout);
  auto cost = answer ? cost_from_agent(*answer) : Result<CoverageCost>(answer.error());
  if (cost) return std::optional(std::move(*cost));
  invocation.note(cost.error().message + "; times are not known (--calibrate measures them)");
  return std::optional<CoverageCost>();
}

Result<ExitCode> list_by_device(Invocation& invocation) {
  const RunnerSession session(TRY(find_runner(invocation.settings(), invocation.shell().program)));
  const RunnerInventory inventory = TRY(session.inventory(Backends::kAll));
  invocation.console().out(invocation.json() ? device_offers_json(inventory) + "\n" : device_offers_text(inventory, invocation.view()));
  return ExitCode::kFine;
}

Result<ExitCode> list(Invocation& invocation, const ListOptions& options) {
  if (options.devices) return list_by_device(invocation);
  std::string from_collector;
  if (!options.offline && invocation.settings().has_identity()) {
    Api* api = TRY(invocation.api());
    const auto answer = api->get("/v1/probes");
    // The catalogue is worth showing without a collector; that half is missing is said.
    if (answer) {
      from_collector = *answer;
    } else {
      invocation.note(answer.error().message + "; this is the catalogue of this build alone");
    }
  }
  const auto cost = TRY(find_cost(invocation, options));
  const auto probes = TRY(list_probes(from_collector, cost));
  const ListDetail detail = options.variants ? ListDetail::kVariants : ListDetail::kProbes;
  invocation.console().out(invocation.json() ? probe_list_json(probes, cost) + "\n" : probe_list_text(probes, cost, detail, invocation.view()));
  return ExitCode::kFine;
}

Result<ExitCode> unfreeze(Invocation& invocation, const UnfreezeOptions& options) {
  JsonWriter body;
  body.begin_object().field("reason", options.reason);
  if (!options.cohort.empty()) body.field("cohort", options.cohort);
  body.end_object();
  Api* api = TRY(invocation.api());
  const std::string answer = TRY(api->post(Target("/v1/probes").segment(options.probe).segment("unfreeze").text(), body.take()));
  return invocation.show_document(answer, render_decision);
}

void add_run(CommandNode probe) {
  const auto options = std::make_shared<RunProbeOptions>();
  CommandNode run = probe.add("run", "run a probe on this machine; exit 0 match, 1 mismatch, 2 could not tell");
  run.required_text("probe", options->probe, "id of the probe, as in gemm.fp64.grid");
  run.number("--unit", options->unit, "only this unit (core); default: all of the socket");
  run.number("--cpu-socket", options->socket, "which CPU socket (0)");
  run.text("--device", options->device, "id of a device of this machine, an accelerator for instance; default: the CPU socket");
  run.number("--set", options->set, "first operand set (0)");
  run.count("--sets", options->sets, "how many operand sets to go through (1)");
  run.count("--runs", options->runs, "runs of each unit (as many as there are sets)");
  run.text("--variant", options->variant, "scalar, avx2, simt, wgmma, …; default: the best the device has");
  run.text("--for", options->budget, "stop after this time (10s; at most 60s)");
  run.text("--inject", options->inject, "plant a fault of this shape: bit_flip, multi_bit, zero, … (a drill of the comparator)");
  run.number("--step", options->step, "step of the run to hit, with --inject (0)");
  run.text("--mask", options->mask, "bits to flip, hexadecimal, with --inject (one bit by chance)");
  run.does([options](Invocation& invocation) { return run_probe(invocation, *options); });
}

}  // namespace

void add_probe_commands(CommandNode root) {
  CommandNode probe = root.add("probe", "the computations that are checked");
  const auto listed = std::make_shared<ListOptions>();
  CommandNode all = probe.add("list", "the catalogue; with an agent here the time to cover, with a collector also mode, runs and what is frozen");
  all.flag("--offline", listed->offline, "ask neither the collector nor the agent of this node");
  all.flag("--calibrate", listed->calibrate, "measure the time of a run of each variant on this machine now");
  all.flag("--variants", listed->variants, "a line for each instruction-set variant and the silicon it works on");
  all.flag("--devices", listed->devices, "per device of this machine what it runs, on which silicon, and what is missing and why");
  all.does([listed](Invocation& invocation) { return list(invocation, *listed); });

  add_run(probe);
  add_probe_matrix_command(probe);

  const auto options = std::make_shared<UnfreezeOptions>();
  CommandNode thaw = probe.add("unfreeze", "let a frozen probe accuse again (role admin)");
  thaw.required_text("probe", options->probe, "id of the probe");
  thaw.text("--cohort", options->cohort, "only for this cohort; default: all");
  thaw.required_text("--reason", options->reason, "why this is safe, in one line; it is signed into the audit log");
  thaw.does([options](Invocation& invocation) { return unfreeze(invocation, *options); });
}

}  // namespace assay::ctl
