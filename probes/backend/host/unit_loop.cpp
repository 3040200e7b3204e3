// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/unit_loop.h"

#include <time.h>

#include <algorithm>
#include <new>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "probes/backend/host/fp_environment.h"
#include "probes/backend/host/load_steps.h"
#include "probes/backend/host/pinning.h"
#include "probes/backend/host/poison.h"
#include "probes/backend/host/rest.h"

namespace assay::probes::host {
namespace {

Duration thread_cpu_time() {
  timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return std::chrono::seconds{time.tv_sec} + std::chrono::nanoseconds{time.tv_nsec};
}

bool contains(std::span<const uint64_t> words, uint64_t poison) {
  return std::find(words.begin(), words.end(), poison) != words.end();
}

// Whether to stop, asked between steps. Small chains have steps that take hardly longer than a look at the clock: then it is looked at
// every so many steps, such that looks stay some ten microseconds apart.
class Pace {
 public:
  explicit Pace(const Slice& slice) : slice_(slice) {}

  bool should_stop() {
    if (slice_.stop.load(std::memory_order_relaxed)) return true;
    if (--until_look_ > 0) return false;
    const MonoTime now = BootClock::now();
    const Duration gap = now - last_;
    last_ = now;
    if (gap < kClose && stride_ < kLongestStride) stride_ *= 2;
    if (gap > 4 * kClose) stride_ = 1;
    until_look_ = stride_;
    return now >= slice_.deadline;
  }

 private:
  static constexpr std::chrono::microseconds kClose{25};
  static constexpr uint32_t kLongestStride = 64;

  const Slice& slice_;
  uint32_t stride_ = 1;
  uint32_t until_look_ = 1;
  MonoTime last_{};
};

// One unit of a slice, from the first run to the verdict.
class UnitLoop {
 public:
  UnitLoop(const Slice& slice, size_t index)
      : slice_(slice),
        index_(index),
        work_(slice.request.work[index]),
        first_(index == 0),
        cpu_(slice.request.cpus[work_.unit]),
        injector_(slice.injector_for(work_.unit)),
        capture_(slice.capture_bytes) {
    result().unit = work_.unit;
    result().first_set = work_.first_set;
    result().set_count = slice.request.set_count;
  }

  UnitOutcome run() {
    name_thread(fmt::format("probe-{}", cpu_));
    if (const Status pinned = pin_to_cpu(cpu_); !pinned) return give_up(Inconclusive::kMigrated, pinned.error().message);
    if (slice_.idle_priority) use_idle_priority();
    try {
      const std::unique_ptr<Kernel> kernel = slice_.choice.make(slice_.site_of(cpu_));
      if (kernel) run_sets(*kernel);
      if (kernel && first_ && result().runs > 0) outcome_.remark = kernel->remark();
      if (kernel) partners_time_ = kernel->partners_time();
      if (!kernel) end_ = RunEnd::kNoMemory;
    } catch (const std::bad_alloc&) {
      end_ = RunEnd::kNoMemory;
    }
    // Runs that were complete before memory ran out still count, and a mismatch among them above all.
    if (end_ == RunEnd::kNoMemory && result().runs == 0) return give_up(Inconclusive::kNoMemory, fmt::format("cpu {}: out of memory", cpu_));
    result().fold = result().runs == 0 ? Digest{} : fold_.value();
    result().busy = thread_cpu_time() + partners_time_;
    conclude();
    // Sealed first and checked afterwards, so that no bit can change between the two unseen: before the seal the check finds it, after it the reader.
    outcome_.run.seal = seal_of(outcome_.run, slice_.request.id, slice_.request.synthetic);
    if (result().outcome == Outcome::kMatch && !injector_.blinds_comparator() && !is_what_was_asked()) doubt_pass();
    return std::move(outcome_);
  }

 private:
  UnitResult& result() { return outcome_.run.result; }

  UnitOutcome give_up(Inconclusive reason, std::string detail) {
    result().outcome = Outcome::kInconclusive;
    result().reason = reason;
    result().busy = thread_cpu_time();
    outcome_.detail = std::move(detail);
    return std::move(outcome_);
  }

  void run_sets(Kernel& kernel) {
    const uint32_t limit = slice_.request.max_runs;
    const LoadSteps load_steps(slice_);
    for (uint32_t run = 0; limit == 0 || run < limit; ++run) {
      if (!load_steps.lead_up_to(run)) {
        end_ = RunEnd::kStopped;
        return;
      }
      const uint32_t set = operand_set_of_run(result(), run, slice_.spec.operand_sets);
      const uint32_t cpu_before = current_cpu();
      end_ = compute_run(kernel, slice_, injector_, capture_, work_.unit, run, set);
      const uint32_t cpu_after = current_cpu();
      if (end_ == RunEnd::kComplete && (cpu_before != cpu_ || cpu_after != cpu_)) end_ = RunEnd::kMigrated;
      if (end_ != RunEnd::kComplete) return;
      if (!compare(run, set, cpu_before, cpu_after) && outcome_.detail.empty()) outcome_.detail = partners_text(kernel);
    }
  }

  // Who else may be to blame for a mismatch; "" when nobody.
  std::string partners_text(const Kernel& kernel) const {
    if (kernel.partners().empty()) return "";
    return fmt::format("cpu {}: differed while it worked with cpu {}", cpu_, fmt::join(kernel.partners(), ", "));
  }

  // False for a mismatch.
  bool compare(uint32_t run, uint32_t set, uint32_t cpu_before, uint32_t cpu_after) {
    const Digest actual = capture_.digest();
    fold_.add(set, actual);
    ++result().runs;
    const auto kept = digests_kept(slice_.request.work.size());
    if (slice_.request.report_digests && outcome_.run.digests.size() < kept) outcome_.run.digests.push_back(actual);
    if (!slice_.has_golden(set)) {
      all_compared_ = false;
      return true;
    }
    const Digest& expected = slice_.request.goldens[set];
    if (actual == expected || injector_.blinds_comparator()) return true;
    ++result().mismatches;
    if (outcome_.failure) return false;
    // The outputs of the failing run leave with it; later runs are digested as they stand.
    outcome_.failure = Failure{run, set, expected, actual, std::exchange(capture_, Capture()), cpu_before, cpu_after};
    return false;
  }

  void conclude() {
    result().outcome = Outcome::kInconclusive;
    if (result().mismatches > 0) {
      result().outcome = Outcome::kMismatch;
      result().reason = Inconclusive::kNone;
    } else if (end_ == RunEnd::kNotExecuted) {
      result().reason = Inconclusive::kNotExecuted;
      outcome_.detail = fmt::format("cpu {}: outputs of a run were left unwritten", cpu_);
    } else if (end_ == RunEnd::kMigrated) {
      result().reason = Inconclusive::kMigrated;
      outcome_.detail = fmt::format("cpu {}: its thread, or one that it works with, was not on its cpu", cpu_);
    } else if (result().runs == 0) {
      result().reason = Inconclusive::kStopped;
    } else if (!all_compared_) {
      result().reason = Inconclusive::kNoGolden;
    } else {
      result().outcome = Outcome::kMatch;
      result().reason = Inconclusive::kNone;
    }
  }

  // Whether what is about to be reported is what a right computation of the request gives, made once more from the goldens: compare() saw each digest, but
  // counters, sets and the fold were kept in memory since.
  bool is_what_was_asked() {
    const UnitResult& report = result();
    const UnitWork& asked = slice_.request.work[index_];
    if (report.unit != asked.unit || report.first_set != asked.first_set || report.set_count != slice_.request.set_count) return false;
    if (slice_.request.report_digests && outcome_.run.digests.size() != std::min(report.runs, digests_kept(slice_.request.work.size()))) return false;
    RunFold expected;
    for (uint32_t run = 0; run < report.runs; ++run) {
      const uint32_t set = operand_set_of_run(report, run, slice_.spec.operand_sets);
      if (!slice_.has_golden(set)) return false;
      const Digest& golden = slice_.request.goldens[set];
      if (run < outcome_.run.digests.size() && outcome_.run.digests[run] != golden) return false;
      expected.add(set, golden);
    }
    return expected.value() == report.fold;
  }

  void doubt_pass() {
    result().outcome = Outcome::kInconclusive;
    result().reason = Inconclusive::kRunnerError;
    outcome_.detail = fmt::format("cpu {}: what was about to be reported is not what was compared", cpu_);
    outcome_.run.seal.reset();
  }

  const Slice& slice_;
  const size_t index_;
  const UnitWork work_;
  const bool first_;
  const uint32_t cpu_;
  Injector injector_;
  Capture capture_;
  RunFold fold_;
  RunEnd end_ = RunEnd::kComplete;
  bool all_compared_ = true;
  Duration partners_time_{};
  UnitOutcome outcome_;
};

}  // namespace

RunEnd compute_run(Kernel& kernel, const Slice& slice, Injector& injector, Capture& capture, uint32_t unit, uint32_t run, uint32_t set) {
  Pace pace(slice);
  if (pace.should_stop()) return RunEnd::kStopped;
  if (!set_fp_environment()) return RunEnd::kNotExecuted;
  const uint64_t poison = poison_of(slice.request.id, unit, run);
  kernel.prepare(set);
  const uint32_t steps = kernel.steps();
  const std::span<uint64_t> output = kernel.output();
  if (steps == 0 || output.empty()) return RunEnd::kNotExecuted;
  if (!rests_fit(kernel, slice)) return RunEnd::kStopped;
  capture.begin(steps, output.size());
  injector.begin_run(run, steps, !kernel.state().empty());
  for (uint32_t step = 0; step < steps; ++step) {
    rest(kernel.rest_before(step), slice);
    if (pace.should_stop()) return RunEnd::kStopped;
    injector.before_step(step, kernel.state(), output);
    fill_with(poison, output);
    kernel.step(step);
    if (kernel.last_step() == StepEnd::kStopped) return RunEnd::kStopped;
    if (kernel.last_step() == StepEnd::kMigrated) return RunEnd::kMigrated;
    injector.after_step(step, output, poison);
    capture.add(output);
    if (!capture.keeps_all() && contains(output, poison)) return RunEnd::kNotExecuted;
  }
  // Kept words are searched at the end, and only where their digest is not the golden: right words are not poison.
  const bool right = slice.has_golden(set) && capture.digest() == slice.request.goldens[set];
  if (!right && contains(capture.words(), poison)) return RunEnd::kNotExecuted;
  return RunEnd::kComplete;
}

UnitOutcome run_unit(const Slice& slice, size_t index) { return UnitLoop(slice, index).run(); }

}  // namespace assay::probes::host
