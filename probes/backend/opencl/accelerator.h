// SPDX-License-Identifier: Apache-2.0
// An open OpenCL device: its units with a queue each, programs built when first asked for, and jobs run in short launches. A unit is a compute unit
// where the device can be divided into sub-devices, so that what runs on it is known; else the device as a whole.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "probes/backend/device/accelerator.h"
#include "probes/backend/device/portable.h"
#include "probes/backend/opencl/driver.h"
#include "probes/backend/opencl/job_ledger.h"
#include "probes/backend/opencl/launch_words.h"

namespace assay::probes::opencl {

inline constexpr std::string_view kVariant = "simt";
inline constexpr uint64_t kShareOfMemory = 50;      // 1/50: 2 %, of all: OpenCL does not tell what is free
inline constexpr uint32_t kTeamsPerComputeUnit = 8; // of a device that is one unit: enough to keep every compute unit busy

class OpenclAccelerator final : public device::Accelerator {
 public:
  static Result<std::unique_ptr<device::Accelerator>> open(const Api& api, const DriverDevice& found, Device device, const device::OpenOptions& options);

  const Device& device() const override { return device_; }
  std::vector<device::Offer> offers() const override;
  Result<std::vector<uint64_t>> operands(std::string_view probe, std::string_view variant, uint32_t operand_set) const override;
  uint64_t bytes_per_set(std::string_view probe, std::string_view variant) const override;
  Result<device::JobResult> run(const device::Job& job, const std::atomic<bool>& stop) override;

 private:
  OpenclAccelerator(const Api& api, const DriverDevice& found, Device device, const device::OpenOptions& options);

  // What the launches of one job share, and what each unit has for itself. In the order of kernel_entry.inl.
  struct SharedBuffers {
    Memory operands;
    Memory expected;
  };
  struct UnitBuffers {
    Memory launch, unit, slots, hits, scratch, results, records, record_count;
  };
  struct JobRun;

  Status open_units();
  Result<const Kernel*> kernel_of(const device::Program& program);
  Result<const Queue*> queue_of(uint32_t unit);
  Status check(const device::Job& job, const device::Program& program) const;
  uint32_t teams_wanted(const device::Job& job) const;
  MemoryLimits limits() const;
  Result<SharedBuffers> upload(const device::Job& job, const device::ProgramShape& shape);
  Result<UnitBuffers> take_buffers(const device::Job& job, const device::ProgramShape& shape, uint32_t teams);
  Status prepare(JobRun& run, const Part& part, uint32_t position);
  Result<Event> start(JobRun& run, const Part& part, uint32_t position);
  Status collect(JobRun& run, const Part& part, uint32_t position, const Event& event);
  Status fetch_outputs(const JobRun& run, const Part& part, uint32_t position, LaunchOutcome& outcome);
  Status run_part(JobRun& run, const Part& part);

  Api api_;                                    // first: what follows is released through it
  DriverDevice found_;
  Device device_;
  device::OpenOptions options_;
  std::vector<SubDevice> parts_;               // empty: the device is one unit
  std::vector<ApiHandle> unit_devices_;        // by unit
  Context context_;
  std::vector<Queue> queues_;                  // by unit; made when first used
  std::map<std::string_view, BuiltProgram> built_;
};

}  // namespace assay::probes::opencl
