// SPDX-License-Identifier: Apache-2.0
// What one device runs next and when: the rotation paced by the token bucket, with positive controls dealt in, and every slice that
// was due and not run counted by reason.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "agent/core/control_schedule.h"
#include "agent/core/cost_window.h"
#include "agent/core/coverage.h"
#include "agent/core/drill.h"
#include "agent/core/rotation.h"
#include "agent/core/run_lengths.h"
#include "agent/core/skip.h"
#include "agent/core/slice.h"
#include "agent/core/token_bucket.h"
#include "common/model/device.h"
#include "common/model/limits.h"

namespace assay::agent {

struct SchedulerOptions {
  double budget_ratio = limits::kBudgetRatioDefault;   // of the unit-seconds of the device
  double budget_cap = limits::kBudgetRatioCap;         // what a watched device may reach
  Duration slice{limits::kSliceDefault};
  uint32_t units_per_slice = 0;                        // 0: a sixteenth of the units, at least one
  uint32_t control_one_in = 500;                       // 0: no controls
  uint32_t power_steps_one_in = 20;                    // slices with power steps; 0: none
  double load_gate_ratio = 0;                          // CPU pressure "some avg10" as a ratio; 0: no gate
  uint64_t memory_reserve_bytes = 256ULL << 20;        // left to others beside what a probe asks for
  bool paused = false;
  DrillOptions drill;
};

// What the shell sees of the machine when it asks. Absent: this machine does not tell, and nothing is held back for it.
struct Surroundings {
  bool runner_ready = true;
  std::optional<double> cpu_pressure_ratio;
  std::optional<uint64_t> memory_available_bytes;
  Conditions conditions{};                 // of the device
};

// An order, or why there is none; either way, when to ask again (an order: after it is settled, and not before).
struct Turn {
  std::optional<SliceOrder> order;
  SkipReason skip = SkipReason::kNone;
  MonoTime ask_again;
};

// Pure and deterministic for a seed. One slice is out at a time: every order is settled before the next turn is asked for.
// Not thread-safe. `probes` must outlive it.
// Whether one slice of a replay fits what a watched device may reach in ten minutes; kLimit, naming its number, when not.
Status fits_budget(const ProbeSpec& replay, const SchedulerOptions& options, uint32_t units);

class Scheduler {
 public:
  // Without a table of variants every probe runs in its strongest one.
  Scheduler(const Device& device, std::span<const ProbeSpec> probes, const SchedulerOptions& options, Instant now, Variants variants = nullptr);

  // `watched`: the device is suspect, confirming, quarantined or on probation, and is probed at ten times the budget, within the cap.
  // `may_probe`: false while the device must not be probed at all (in repair, retired).
  // When the budget allows the next slice: ask next() then. MonoTime::max() with a budget of zero.
  MonoTime due_at(bool watched, MonoTime now);
  Turn next(const Surroundings& around, bool watched, bool may_probe, Instant now);
  // A slice that rotation would not have run, for retests and requests, of the strongest variant unless the caller sets another; marked as a drill
  // where one is on.
  SliceOrder order_for(Purpose purpose, size_t probe, std::vector<probes::UnitWork> work, uint32_t set_count, uint32_t max_runs,
                       Duration budget, Instant now);
  // Whether a request from outside may run now on credit: refused when the bucket is already ten slices in debt.
  bool grants_request(MonoTime now) const;
  // The order's result: charges its cost and moves cursors and coverage on.
  void settle(const SliceOrder& order, const SliceResult& result, Instant now);
  void count_skip(SkipReason reason) { skips_.add(reason); }

  void reconfigure(const SchedulerOptions& options, Instant now);

  const Coverage& coverage() const { return coverage_; }
  const RunLengths& lengths() const { return lengths_; }
  std::string save_lengths() const { return lengths_.save(probes_, *variants_); }
  Status restore_lengths(std::string_view bytes) { return lengths_.restore(bytes, probes_, *variants_); }
  // What a slice of the probe in the variant is given now.
  Duration slice_of(size_t probe, uint32_t variant) const;
  // What the budget allows, less the margin that is kept so that no ten minutes are over it, in unit-seconds per second.
  double paced_rate() const;
  Status restore_coverage(std::string_view bytes, Instant now) { return coverage_.restore(bytes, now); }
  const SkipCounts& skips() const { return skips_; }
  double probe_ratio(MonoTime now) const { return window_.ratio(units(), now); }
  double probe_unit_seconds() const { return window_.total(); }
  // Seconds of cores that are among them.
  double probe_host_seconds() const { return host_seconds_; }
  double budget_ratio() const { return options_.budget_ratio; }
  std::optional<size_t> probe_index(const ProbeRef& ref) const;
  const SchedulerOptions& options() const { return options_; }

 private:
  double units() const { return static_cast<double>(device_units_); }
  uint32_t units_per_slice() const;
  void set_rate(bool watched, MonoTime now);
  SkipReason gate(const Surroundings& around, bool may_probe, MonoTime now, MonoTime& ask_again);
  void step_power(SliceOrder& order) const;
  SliceOrder paced_order(const RotationTurn& turn, Instant now);
  uint32_t first_set(Cell cell) const;
  void settle_cells(const SliceOrder& order, const SliceResult& result, size_t probe, uint32_t variant, Instant now);

  std::string device_id_;
  uint32_t device_units_;
  std::span<const ProbeSpec> probes_;
  SchedulerOptions options_;
  uint64_t seed_;
  Variants variants_;
  Coverage coverage_;
  Rotation rotation_;
  ControlSchedule controls_;
  ControlSchedule power_turns_;       // the slices that step power
  TokenBucket bucket_;
  CostWindow window_;
  double host_seconds_ = 0;
  SkipCounts skips_;
  MonoTime started_;
  uint64_t next_id_ = 1;
  double planned_ = 0;                // cost of the paced slice that is out
  RunLengths lengths_;
};

}  // namespace assay::agent
