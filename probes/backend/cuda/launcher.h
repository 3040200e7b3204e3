// SPDX-License-Identifier: Apache-2.0
// An open CUDA device: takes jobs apart into launches and plays them.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "probes/backend/cuda/claims.h"
#include "probes/backend/cuda/fetcher.h"
#include "probes/backend/cuda/identity.h"
#include "probes/backend/cuda/launch_plan.h"
#include "probes/backend/cuda/reach.h"
#include "probes/backend/cuda/session.h"
#include "probes/backend/device/accelerator.h"

namespace assay::probes::cuda {

// How one launch is to be played.
enum class LaunchMode {
  kExclusive,       // all blocks resident at once, one a unit: nothing is missed
  kOpportunistic,   // blocks go where there is room; launched again for units that were missed
};

class CudaAccelerator final : public device::Accelerator {
 public:
  // Makes a context and finds the numbers of the units out; kConflict and others as Backend::open().
  static Result<std::unique_ptr<CudaAccelerator>> open(const DriverApi& api, DeviceFacts facts, std::vector<DeviceProgram> programs,
                                                       const device::OpenOptions& options);

  const Device& device() const override { return facts_.device; }
  std::vector<device::Offer> offers() const override;
  Result<std::vector<uint64_t>> operands(std::string_view probe, std::string_view variant, uint32_t operand_set) const override;
  uint64_t bytes_per_set(std::string_view probe, std::string_view variant) const override;
  Result<device::JobResult> run(const device::Job& job, const std::atomic<bool>& stop) override;

 private:
  // What stays the same over the launches of a job.
  struct Running {
    const device::Job& job;
    const DeviceProgram& program;
    LoadedKernel kernel;
    BlockPlan block;
    LaunchMode mode = LaunchMode::kExclusive;
    MonoTime deadline;
    MemoryPlan plan;
    uint64_t reserved = 0;   // bytes of the allocation
    uint64_t window = 0;     // where in it the plan begins
  };

  CudaAccelerator(const DriverApi& api, DeviceFacts facts, std::vector<DeviceProgram> programs, const device::OpenOptions& options);
  const DeviceProgram* find(std::string_view probe, std::string_view variant) const;
  Result<Session*> session();
  Result<uint64_t> cap_bytes();
  Status take_census();
  Result<AssayBoard> census_launch(std::string_view kernel, std::vector<AssayUnit>& table);
  Result<const DeviceProgram*> check(const device::Job& job) const;
  Result<Running> prepare(const device::Job& job);
  Result<device::JobResult> run_job(const device::Job& job, const std::atomic<bool>& stop);
  Result<device::JobResult> run_group(const device::Job& job, const std::atomic<bool>& stop);
  Status run_part(Running& running, LaunchPart part, JobLedger& ledger);
  Status launch_once(Running& running, const LaunchPart& part, uint32_t attempt);
  Result<DriverAddress> base_of(const Running& running);
  Status fetch_outputs(const Running& running, const LaunchPart& part, std::span<const AssayUnit> table, std::span<AssayRun> runs, std::vector<AssayRecord>& records);
  Result<std::vector<uint32_t>> collect(const Running& running, const LaunchPart& part, JobLedger& ledger);
  LaunchSizes sizes_of(const device::Job& job, uint32_t teams, uint32_t runs) const;

  const DriverApi api_;
  DeviceFacts facts_;
  std::vector<DeviceProgram> programs_;
  device::OpenOptions options_;
  std::optional<Session> session_;
  Fetcher fetcher_;
  uint64_t walks_ = 0;                                         // jobs over large memory
  std::optional<UnitMap> map_;
  Reach reach_;
  std::map<std::string, Duration, std::less<>> round_times_;  // by kernel: one run of every team
};

}  // namespace assay::probes::cuda
