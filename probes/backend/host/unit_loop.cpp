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
        unit_(slice.request.work[index].unit),
        first_(index == 0),
        cpu_(slice.request.cpus[unit_]),
        injector_(slice.injector_for(unit_)),
        capture_(slice.capture_bytes),
        judgement_(slice.request, index, slice.spec.operand_sets) {}

  UnitOutcome run() {
    name_thread(fmt::format("probe-{}", cpu_));
    if (const Status pinned = pin_to_cpu(cpu_); !pinned) {
      outcome_.detail = pinned.error().message;
      return conclude(RunEnd::kMigrated);
    }
    if (slice_.idle_priority) use_idle_priority();
    RunEnd end = RunEnd::kNoMemory;
    try {
      const std::unique_ptr<Kernel> kernel = slice_.choice.make(slice_.site_of(cpu_));
      if (kernel) end = run_sets(*kernel);
      if (kernel && first_ && judgement_.runs() > 0) outcome_.remark = kernel->remark();
      if (kernel) partners_time_ = kernel->partners_time();
    } catch (const std::bad_alloc&) {
      end = RunEnd::kNoMemory;  // runs that were complete before still count, and a mismatch among them above all
    }
    return conclude(end);
  }

 private:
  UnitOutcome conclude(RunEnd end) {
    outcome_.run = judgement_.conclude(end, thread_cpu_time() + partners_time_, comparator());
    if (outcome_.detail.empty()) outcome_.detail = words();
    return std::move(outcome_);
  }

  // Why the unit could not be measured.
  std::string words() const {
    switch (outcome_.run.result.reason) {
      case Inconclusive::kNoMemory: return fmt::format("cpu {}: out of memory", cpu_);
      case Inconclusive::kNotExecuted: return fmt::format("cpu {}: outputs of a run were left unwritten", cpu_);
      case Inconclusive::kMigrated: return fmt::format("cpu {}: its thread, or one that it works with, was not on its cpu", cpu_);
      case Inconclusive::kRunnerError: return fmt::format("cpu {}: what was about to be reported is not what was compared", cpu_);
      default: return "";
    }
  }

  RunEnd run_sets(Kernel& kernel) {
    const uint32_t limit = slice_.request.max_runs;
    const LoadSteps load_steps(slice_);
    for (uint32_t run = 0; limit == 0 || run < limit; ++run) {
      if (!load_steps.lead_up_to(run)) return RunEnd::kStopped;
      const uint32_t set = judgement_.set_of_run(run);
      const uint32_t cpu_before = current_cpu();
      RunEnd end = compute_run(kernel, slice_, injector_, capture_, unit_, run, set);
      const uint32_t cpu_after = current_cpu();
      if (end == RunEnd::kComplete && (cpu_before != cpu_ || cpu_after != cpu_)) end = RunEnd::kMigrated;
      if (end != RunEnd::kComplete) return end;
      if (judgement_.take(capture_.digest(), comparator())) continue;
      if (outcome_.detail.empty()) outcome_.detail = partners_text(kernel);
      if (outcome_.failure) continue;
      // The outputs of the failing run leave with it; later runs are digested as they stand.
      const Difference& found = *judgement_.difference();
      outcome_.failure = Failure{found.run, found.operand_set, found.expected, found.actual, std::exchange(capture_, Capture()), cpu_before, cpu_after};
    }
    return RunEnd::kComplete;
  }

  Comparator comparator() const { return injector_.blinds_comparator() ? Comparator::kBlind : Comparator::kSound; }

  // Who else may be to blame for a mismatch; "" when nobody.
  std::string partners_text(const Kernel& kernel) const {
    if (kernel.partners().empty()) return "";
    return fmt::format("cpu {}: differed while it worked with cpu {}", cpu_, fmt::join(kernel.partners(), ", "));
  }

  const Slice& slice_;
  const uint32_t unit_;
  const bool first_;
  const uint32_t cpu_;
  Injector injector_;
  Capture capture_;
  UnitJudgement judgement_;
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
  injector.begin_run(run, steps, !kernel.state().empty(), output);
  fill_with(poison, output);
  for (uint32_t step = 0; step < steps; ++step) {
    rest(kernel.rest_before(step), slice);
    if (pace.should_stop()) return RunEnd::kStopped;
    injector.before_step(step, kernel.state());
    kernel.step(step);
    if (kernel.last_step() == StepEnd::kStopped) return RunEnd::kStopped;
    if (kernel.last_step() == StepEnd::kMigrated) return RunEnd::kMigrated;
    injector.after_step(step, output, poison);
    if (!capture.keeps_all() && contains(output, poison)) return RunEnd::kNotExecuted;
    capture.add(output, poison);
  }
  // Kept words are searched at the end, and only where their digest is not the golden: right words are not poison.
  const bool right = slice.has_golden(set) && capture.digest() == slice.request.goldens[set];
  if (!right && contains(capture.words(), poison)) return RunEnd::kNotExecuted;
  return RunEnd::kComplete;
}

UnitOutcome run_unit(const Slice& slice, size_t index) { return UnitLoop(slice, index).run(); }

}  // namespace assay::probes::host
