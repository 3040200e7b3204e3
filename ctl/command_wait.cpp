// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include "ctl/commands.h"
#include "ctl/wait_condition.h"

namespace assay::ctl {
namespace {

constexpr std::chrono::milliseconds kInterval{200};

struct WaitOptions {
  std::string quarantine;
  std::string drain;
  std::string incident;
  std::optional<uint64_t> results;
  std::optional<uint64_t> nodes;
  std::string timeout = "60";
};

std::vector<WaitCondition> conditions_of(const WaitOptions& options) {
  using Kind = WaitCondition::Kind;
  std::vector<WaitCondition> conditions;
  if (options.nodes) conditions.push_back({Kind::kNodes, "", *options.nodes});
  if (options.results) conditions.push_back({Kind::kResults, "", *options.results});
  if (!options.incident.empty()) conditions.push_back({Kind::kIncident, options.incident, 0});
  if (!options.quarantine.empty()) conditions.push_back({Kind::kQuarantine, options.quarantine, 0});
  if (!options.drain.empty()) conditions.push_back({Kind::kDrain, options.drain, 0});
  return conditions;
}

// Looks once at what every condition needs.
Status look(Api& api, WaitResult& result) {
  for (size_t i = 0; i < result.conditions.size(); ++i) {
    if (result.progress[i].met) continue;   // what came true once has happened
    const std::string text = TRY(api.get(target_of(result.conditions[i])));
    result.progress[i] = progress_of(result.conditions[i], TRY(parse_json_object(text)));
  }
  return {};
}

Result<ExitCode> wait(Invocation& invocation, const WaitOptions& options) {
  WaitResult result;
  result.conditions = conditions_of(options);
  result.progress.assign(result.conditions.size(), WaitProgress{false, "not seen yet"});
  if (result.conditions.empty()) return make_error(ErrorCode::kInvalid, "say what to wait for: see assayctl wait --help");
  const Duration timeout = TRY(parse_patience(options.timeout));
  Api* api = TRY(invocation.api());
  const MonoTime start = invocation.now().mono;
  std::optional<Error> trouble;
  for (;;) {
    const Status seen = look(*api, result);
    trouble = seen.ok() ? std::nullopt : std::optional(seen.error());
    // A collector that is still starting is worth waiting for; an identity that is refused is not.
    if (trouble && trouble->code != ErrorCode::kUnavailable && trouble->code != ErrorCode::kTimeout) return *trouble;
    const MonoTime now = invocation.now().mono;
    result.waited_s = to_seconds(now - start);
    if (result.met() || now - start >= timeout) break;
    if (!invocation.shell().pause.wait(std::min<Duration>(kInterval, timeout - (now - start)))) break;
  }
  if (trouble) return *trouble;
  invocation.console().out(invocation.json() ? wait_json(result) + "\n" : wait_text(result));
  return result.met() ? ExitCode::kFine : ExitCode::kUnknown;
}

}  // namespace

void add_wait_command(CommandNode root) {
  const auto options = std::make_shared<WaitOptions>();
  CommandNode command = root.add("wait", "wait until all that is asked for came true; exit 0, or 2 when the time is over");
  command.text("--for-quarantine", options->quarantine, "a quarantine of this device, or of any");
  command.text("--for-drain", options->drain, "a drain hook that was done for this device, or for any");
  command.text("--for-incident", options->incident, "an incident of this device, or of any");
  command.number("--for-results", options->results, "so many runs with a result");
  command.number("--for-nodes", options->nodes, "so many nodes that report");
  command.text("--timeout", options->timeout, "how long to wait in all (60, 5min)");
  command.does([options](Invocation& invocation) { return wait(invocation, *options); });
}

}  // namespace assay::ctl
