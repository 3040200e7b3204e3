// SPDX-License-Identifier: Apache-2.0
// One simulated accelerator, open. Its blocks come to units in random order, and now and then a unit is held by something else, as on a shared chip.
#pragma once

#include "probes/backend/device/accelerator.h"
#include "probes/backend/simulated/launch_board.h"
#include "probes/backend/simulated/script.h"

namespace assay::probes::simulated {

class SimulatedDevice final : public device::Accelerator {
 public:
  SimulatedDevice(Device device, const DeviceScript& faults, const device::OpenOptions& options);

  const Device& device() const override { return device_; }
  std::vector<device::Offer> offers() const override;
  Result<std::vector<uint64_t>> operands(std::string_view probe, std::string_view variant, uint32_t operand_set) const override;
  uint64_t bytes_per_set(std::string_view probe, std::string_view variant) const override;
  Result<device::JobResult> run(const device::Job& job, const std::atomic<bool>& stop) override;

 private:
  std::optional<Error> scripted_error();
  bool is_held(uint32_t unit, uint64_t seed) const;

  Device device_;
  DeviceScript faults_;
  device::OpenOptions options_;
  uint32_t launches_ = 0;
};

}  // namespace assay::probes::simulated
