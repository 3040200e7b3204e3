// SPDX-License-Identifier: Apache-2.0
#include "collector/hooks/hook_task.h"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "collector/hooks/hook_program.h"
#include "common/base/parse.h"
#include "common/base/subprocess.h"
#include "common/model/limits.h"

namespace assay::collector {
namespace {

constexpr size_t kDetailChars = 200;

// The last line that says something, printable, short enough for a table.
std::string last_line(std::string_view output) {
  std::string line;
  for (const std::string_view part : split(output, '\n')) {
    if (!trim(part).empty()) line = trim(part);
  }
  line.resize(std::min(line.size(), kDetailChars));
  for (char& c : line) {
    if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) > 0x7E) c = '?';
  }
  return line;
}

HookAttempt describe(const RunOutcome& outcome, Duration timeout) {
  HookAttempt attempt;
  attempt.exit_code = outcome.status.code;
  attempt.cancelled = outcome.cancelled;
  attempt.success = outcome.status.success() && !outcome.timed_out && !outcome.cancelled;
  const std::string said = last_line(attempt.success ? outcome.standard_output : outcome.standard_error);
  if (outcome.cancelled) {
    attempt.exit_code.reset();
    attempt.detail = "stopped with the collector; runs again after the restart";
  } else if (outcome.timed_out) {
    attempt.exit_code.reset();
    attempt.detail = fmt::format("killed after {}", format_span(timeout));
  } else if (attempt.success) {
    attempt.detail = said.empty() ? "done" : said;
  } else {
    attempt.detail = said.empty() ? to_string(outcome.status) : fmt::format("{}: {}", to_string(outcome.status), said);
  }
  return attempt;
}

}  // namespace

std::string hook_key(uint64_t decision) { return fmt::format("decision-{}", decision); }

std::string hook_input(const HookTask& task) {
  nlohmann::json json{{"action", task.action},
                      {"key", hook_key(task.decision)},
                      {"decision", task.decision},
                      {"node", task.node},
                      {"device_id", task.device_id},
                      {"reason", task.reason},
                      {"synthetic", task.synthetic},
                      {"at_unix_ms", to_unix_ms(task.at)}};
  if (!task.incident_id.empty()) json["incident_id"] = task.incident_id;
  if (!task.probe.empty()) json["probe"] = task.probe;
  if (!task.verdict.empty()) json["verdict"] = task.verdict;
  if (task.unit) json["unit"] = *task.unit;
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

const std::filesystem::path& hook_program_for(const HookSettings& settings, const HookTask& task) {
  return task.synthetic ? settings.drill_drain : settings.drain;
}

Duration hook_retry_delay(const HookSettings& settings, uint32_t attempts) {
  constexpr Duration kLongest = std::chrono::minutes{10};
  Duration delay = settings.first_retry;
  for (uint32_t i = 1; i < attempts && delay < kLongest; ++i) delay *= 5;
  return std::min(delay, kLongest);
}

HookAttempt run_hook(const HookSettings& settings, const HookTask& task, int cancel_fd) {
  const std::filesystem::path& program = hook_program_for(settings, task);
  if (program.empty()) return {false, false, std::nullopt, "no hook is configured for it any more"};
  if (const Status allowed = check_hook_program(program, settings.directory); !allowed.ok()) {
    return {false, false, std::nullopt, allowed.error().message};
  }
  RunOptions options;
  options.spawn.program = program;
  options.spawn.environment = {"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "ASSAY_IDEMPOTENCY_KEY=" + hook_key(task.decision)};
  options.input = hook_input(task);
  options.deadline = settings.timeout;
  options.max_output_bytes = limits::kHookOutputBytes;
  options.cancel_fd = cancel_fd;
  const auto outcome = run_process(options);
  if (!outcome.ok()) return {false, false, std::nullopt, outcome.error().message};
  return describe(*outcome, settings.timeout);
}

}  // namespace assay::collector
