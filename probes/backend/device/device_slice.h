// SPDX-License-Identifier: Apache-2.0
// One request on one accelerator, from the first launch to the verdicts.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "probes/backend/device/device_frame.h"
#include "probes/backend/device/job_plan.h"
#include "probes/backend/planted_fault.h"

namespace assay::probes::device {

// What run() of the frame found out before it began. References outlive the slice.
struct SliceTerms {
  const RunRequest& request;
  const ProbeSpec& spec;
  const Offer& offer;
  std::optional<Injection> injection;
  const std::atomic<bool>& stop;
  MonoTime start;
};

// Used once. One thread.
class DeviceSlice {
 public:
  DeviceSlice(DeviceFrame& frame, const SliceTerms& terms);

  // Launches until the budget is spent, all runs are done or nothing more can be.
  void compute();
  // For a probe without goldens: the units agree on what is right, and are held against it. After compute().
  void vote();
  // Whether a digest differed: then the goldens are hashed again before anything is said.
  bool accuses() const;
  // Words of the failing runs that have none yet, computed again with expected words.
  void find_records();
  // In the order of the work; `detail` gets the first reason in words.
  std::vector<UnitRun> conclude(std::string& detail);

 private:
  struct Launch;

  bool is_planted(uint32_t unit, uint32_t run) const;
  std::string no_vote() const;
  std::optional<MonoTime> next_launch_end();
  bool launch(const JobPlan& plan, Duration left);
  std::optional<Error> build(const JobPlan& plan, Launch& launch);
  bool add_expected(const JobPlan& plan, Launch& launch, Duration allowance);
  SharedWords expected_of(uint32_t set, bool may_compute);
  Result<JobResult> run_on_device(const JobPlan& plan, Launch& launch, Duration deadline);
  void plant(const JobPlan& plan, Launch& launch) const;
  void account(const JobPlan& plan, const Launch& launch, const JobResult& result);
  void keep_records(size_t account, const Launch& launch, const JobResult& result, uint32_t first_run);
  void check_expected_reads(const JobPlan& plan, const Launch& launch, const JobResult& result);
  void repeat(size_t account, Duration left);
  MismatchRecord whole_digest(size_t account) const;

  DeviceFrame& frame_;
  const SliceTerms terms_;
  const MonoTime deadline_;
  LaunchPace& pace_;
  size_t set_limit_ = 1;
  Duration computed_{};                       // spent on expected words
  std::vector<UnitAccount> accounts_;
  std::vector<std::vector<MismatchRecord>> records_;  // by account
  std::optional<Error> error_;                // of the launch that was the last one for it
  uint64_t jobs_ = 0;
};

}  // namespace assay::probes::device
