// SPDX-License-Identifier: Apache-2.0
#include "probes/runner/replay.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <thread>

#include <fmt/format.h>

#include "common/base/check.h"
#include "common/base/file.h"
#include "common/base/subprocess.h"
#include "common/base/trusted_file.h"
#include "common/model/limits.h"
#include "probes/backend/host/pinning.h"
#include "probes/runner/protocol_fields.h"
#include "probes/runner/replay_answer.h"

namespace assay::probes {
namespace {

// One unit's share of a request.
class UnitReplay {
 public:
  UnitReplay(const RunRequest& request, const UnitWork& work, const ReplayOptions& options) : request_(request), options_(options) {
    run_.result.unit = work.unit;
    run_.result.first_set = work.first_set;
    run_.result.set_count = request.set_count;
    run_.result.reason = Inconclusive::kNotExecuted;
  }

  // On a thread of its own: children take over its CPU and its priority.
  void run() {
    const uint32_t cpu = request_.cpus[run_.result.unit];
    host::name_thread(fmt::format("replay-{}", cpu));
    if (const Status pinned = host::pin_to_cpu(cpu); !pinned.ok()) return stop(Inconclusive::kMigrated, pinned.error().message);
    if (options_.idle_priority) host::use_idle_priority();
    const MonoTime end = BootClock::now() + request_.budget;
    RunFold fold;
    while (request_.max_runs == 0 || run_.result.runs < request_.max_runs) {
      // The first run has what was asked for, however long it took to come here: its end is a hang, and not the end of the slice.
      const Duration left = run_.result.runs == 0 ? request_.budget : end - BootClock::now();
      if (left <= Duration::zero() || !run_once(cpu, std::min(left, request_.replay->timeout), fold)) break;
    }
    run_.result.fold = run_.result.runs > 0 ? fold.value() : Digest{};
    if (run_.result.runs > 0 && run_.result.reason == Inconclusive::kNotExecuted) run_.result.reason = Inconclusive::kNoGolden;
  }

  UnitRun take() { return std::move(run_); }
  const std::string& detail() const { return detail_; }

 private:
  bool run_once(uint32_t cpu, Duration time, RunFold& fold) {
    const uint32_t set = (run_.result.first_set + run_.result.runs % request_.set_count) % request_.replay->operand_sets;
    RunOptions options;
    options.spawn.program = request_.replay->program;
    options.spawn.arguments = request_.replay->arguments;
    options.spawn.environment = {"PATH=/usr/bin:/bin", "LC_ALL=C"};
    const auto budget = static_cast<uint64_t>(std::chrono::floor<std::chrono::milliseconds>(time).count());
    options.input = question_line({request_.probe, set, run_.result.unit, cpu, budget});
    options.deadline = time;
    options.max_output_bytes = kReplayAnswerBytes + 1;
    options.cancel_fd = options_.cancel_fd;
    const auto outcome = run_process(options);
    if (!outcome.ok()) return give_up(Inconclusive::kNotExecuted, outcome.error().message);
    run_.result.busy += outcome->took;
    if (outcome->cancelled) return give_up(Inconclusive::kStopped, "stopped");
    if (outcome->timed_out) {
      const bool had_its_time = time >= request_.replay->timeout;  // else the slice was over before
      return give_up(had_its_time ? Inconclusive::kHang : Inconclusive::kStopped, fmt::format("killed after {}", format_span(outcome->took)));
    }
    if (!outcome->status.success()) return give_up(Inconclusive::kCrash, to_string(outcome->status));
    const auto answer = parse_answer(outcome->standard_output);
    if (!answer.ok()) return give_up(Inconclusive::kNotExecuted, answer.error().message);
    if (answer->inconclusive) return give_up(Inconclusive::kNotExecuted, *answer->inconclusive);
    const Digest digest = digest_of(*answer);
    fold.add(set, digest);
    ++run_.result.runs;
    if (request_.report_digests && run_.digests.size() < digests_kept(request_.work.size())) run_.digests.push_back(digest);
    return true;
  }

  bool give_up(Inconclusive reason, const std::string& why) {
    stop(run_.result.runs > 0 ? Inconclusive::kNoGolden : reason, why);  // what was complete counts
    return false;
  }

  void stop(Inconclusive reason, const std::string& why) {
    run_.result.reason = reason;
    detail_ = fmt::format("unit {}: {}", run_.result.unit, why);
  }

  const RunRequest& request_;
  const ReplayOptions& options_;
  UnitRun run_;
  std::string detail_;
};

// "build_" and a digest of program file and arguments: answers of different builds are never compared. Of a very large program its
// size and time of change stand for the content.
std::string build_of(const ReplayProgram& replay) {
  constexpr size_t kMostBytes = size_t{64} << 20;
  Digest128 digest;
  for (const std::string& argument : replay.arguments) digest.add(digest_bytes(argument).high);
  const auto program = read_file(replay.program, kMostBytes);
  std::error_code ignored;
  if (program.ok()) {
    digest.add(digest_bytes(*program).high);
  } else {
    digest.add(std::filesystem::file_size(replay.program, ignored));
    digest.add(static_cast<uint64_t>(std::filesystem::last_write_time(replay.program, ignored).time_since_epoch().count()));
  }
  return fmt::format("build_{}", to_hex(digest.value()).substr(0, kVariantChars - 6));
}

RunResult refused(RunResult result, const RunRequest& request, Inconclusive reason, std::string detail) {
  for (const UnitWork& work : request.work) {
    UnitRun unit;
    unit.result.unit = work.unit;
    unit.result.first_set = work.first_set;
    unit.result.set_count = request.set_count;
    unit.result.reason = reason;
    result.units.push_back(std::move(unit));
  }
  result.detail = std::move(detail);
  return result;
}

}  // namespace

RunResult run_replay(const RunRequest& request, const ReplayOptions& options) {
  ASSAY_CHECK(request.replay.has_value());
  RunResult result;
  result.id = request.id;
  result.variant = request.variant;
  result.synthetic = request.synthetic;
  if (request.synthetic != Synthetic::kNone) {
    return refused(std::move(result), request, Inconclusive::kRunnerError, "faults cannot be planted into a replay");
  }
  if (const Status trusted = check_trusted_program(request.replay->program, options.trusted_owner); !trusted.ok()) {
    return refused(std::move(result), request, Inconclusive::kUnsupported, trusted.error().message);
  }
  result.variant = build_of(*request.replay);
  const MonoTime begun = BootClock::now();
  std::vector<UnitReplay> units;
  units.reserve(request.work.size());
  for (const UnitWork& work : request.work) units.emplace_back(request, work, options);
  std::vector<std::thread> threads;
  for (UnitReplay& unit : units) {
    try {
      threads.emplace_back([&unit] { unit.run(); });
    } catch (const std::system_error&) {
      break;  // no thread to be had: what did not run says kNotExecuted
    }
  }
  for (std::thread& thread : threads) thread.join();
  for (UnitReplay& unit : units) {
    if (result.detail.empty()) result.detail = unit.detail().substr(0, limits::kTextChars);
    result.units.push_back(unit.take());
  }
  result.took = BootClock::now() - begun;
  return result;
}

}  // namespace assay::probes
