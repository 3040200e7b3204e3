// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "common/base/file.h"
#include "common/model/limits.h"
#include "golden_key.h"
#include "ctl/commands.h"
#include "ctl/query.h"
#include "ctl/render.h"
#include "ctl/replay.h"
#include "ctl/runner_session.h"

namespace assay::ctl {
namespace {

constexpr std::chrono::seconds kRunnerPatience{15};

struct IncidentOptions {
  std::string id;
  std::string device;
  std::string node;
  std::string verdict;
  std::optional<uint64_t> limit;
};

struct ReplayOptions {
  std::string id;
  std::string from;
  std::optional<uint32_t> unit;
  uint32_t socket = 0;
  uint32_t runs = 10;   // as many as the ladder's rung on the same unit
};

Result<std::string> incident_document(Invocation& invocation, const ReplayOptions& options) {
  if (!options.from.empty()) return read_file(options.from, limits::kHttpReplyBytes);
  if (options.id.empty()) return make_error(ErrorCode::kInvalid, "name an incident, or a saved one with --from FILE");
  Api* api = TRY(invocation.api());
  return api->get(Target("/v1/incidents").segment(options.id).text());
}

Result<ReplayReport> run_replay(Invocation& invocation, const ReplayPlan& plan, const ReplayOptions& options) {
  const RunnerSession session(TRY(find_runner(invocation.settings(), invocation.shell().program)));
  // An incident of a core is replayed though a driver of an accelerator may hang here.
  const bool on_cpu = plan.device_id.starts_with("cpu-");
  const RunnerInventory inventory = TRY(session.inventory(on_cpu ? Backends::kHost : Backends::kAll));
  const Device device = TRY(choose_device(inventory.devices, plan.device_id, options.socket));
  const uint32_t unit = options.unit.value_or(device.id == plan.device_id ? plan.unit : plan.unit % static_cast<uint32_t>(device.units.size()));
  if (unit >= device.units.size()) {
    return make_error(ErrorCode::kInvalid, fmt::format("--unit {}: {} has units 0 to {}", unit, device.id, device.units.size() - 1));
  }
  // A replay without goldens of this build can still be measured by the incident's own; forged ones would be worse than none.
  probes::GoldenTable table;
  const auto folder = find_goldens(invocation.settings(), invocation.shell().program);
  if (folder) {
    const auto goldens = TRY(load_goldens(*folder, kGoldenKeyHex));
    if (const probes::GoldenTable* found = goldens.find(plan.probe)) table = *found;
  }
  ReplayReport report{plan, device.id, unit, device.units[unit], plan.variant, {}};
  for (const uint32_t set : plan.sets) {
    if (invocation.console().err_is_terminal()) invocation.note(fmt::format("operand set {} on unit {}, {} runs", set, unit, options.runs));
    probes::RunRequest request = replay_request(plan, device, unit, set, options.runs);
    request.goldens = table.digests;
    request.golden_hash = table.hash;
    const RunnerAnswer answer = TRY(session.run(request, kRunnerPatience, place_of(inventory, device)));
    const ProbeReport one = make_probe_report(request, answer, device, limits::kOperandSetsPerProbe);
    if (!one.variant.empty()) report.variant = one.variant;
    report.sets.push_back(replayed_set(plan, set, one));
  }
  return report;
}

Result<ExitCode> replay(Invocation& invocation, const ReplayOptions& options) {
  const std::string document = TRY(incident_document(invocation, options));
  const JsonValue incident = TRY(parse_json_object(document));
  const ReplayPlan plan = TRY(plan_replay(incident));
  if (plan.verdict == "control_missed") {
    return make_error(ErrorCode::kUnsupported, fmt::format("{} is about a detector that missed a planted fault; try assayctl probe run {} --inject bit_flip",
                                                           plan.incident, plan.probe.id));
  }
  const ReplayReport report = TRY(run_replay(invocation, plan, options));
  invocation.console().out(invocation.json() ? replay_json(report) + "\n" : replay_text(report, invocation.view()));
  return exit_code_of(report.outcome());
}

}  // namespace

void add_incident_commands(CommandNode root) {
  const auto options = std::make_shared<IncidentOptions>();
  CommandNode incident = root.add("incident", "devices under suspicion, with their evidence");
  CommandNode list = incident.add("list", "incidents, newest first");
  list.text("--device", options->device, "only of this device");
  list.text("--node", options->node, "only of this node");
  list.text("--verdict", options->verdict, "only with this verdict (open, confirmed_unit, …)");
  list.count("--limit", options->limit, "at most so many (1000)");
  list.does([options](Invocation& invocation) {
      Target target("/v1/incidents");
      target.query("device", options->device).query("node", options->node).query("verdict", options->verdict).query("limit", options->limit);
      return invocation.show(target.text(), render_incidents);
    });
  CommandNode show = incident.add("show", "what failed, where, how often, and what to do about it");
  show.required_text("incident", options->id, "id of the incident");
  show.does([options](Invocation& invocation) { return invocation.show(Target("/v1/incidents").segment(options->id).text(), render_incident); });

  const auto again = std::make_shared<ReplayOptions>();
  CommandNode replay_command = incident.add("replay", "run the very same operands on this machine; exit 0 match, 1 reproduced, 2 could not tell");
  replay_command.text("incident", again->id, "id of the incident");
  replay_command.text("--from", again->from, "a saved document (assayctl incident show ID --json) instead of the collector");
  replay_command.number("--unit", again->unit, "unit (core) to use; default: the one of the incident");
  replay_command.number("--cpu-socket", again->socket, "CPU socket to use when the device of the incident is not here (0)");
  replay_command.count("--runs", again->runs, "runs of each operand set (10)");
  replay_command.does([again](Invocation& invocation) { return replay(invocation, *again); });
}

}  // namespace assay::ctl
