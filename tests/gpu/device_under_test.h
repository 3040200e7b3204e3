// SPDX-License-Identifier: Apache-2.0
// The first device of libassay_cuda.so, as the runner would open it, for the tests of the gpu tier.
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "probes/backend/device/accelerator.h"
#include "probes/goldens/golden_set.h"

namespace assay::probes::gpu {

// A job of `sets` operand sets on all units, with what it points to.
struct Work {
  Work(const device::Accelerator& accelerator, const device::Offer& offer, uint32_t sets, uint32_t runs, const GoldenTable* goldens);

  std::string probe;
  std::string variant;
  std::vector<std::vector<uint64_t>> operands;
  std::vector<device::JobSet> job_sets;
  std::vector<device::JobUnit> job_units;
  device::Job job;
  std::atomic<bool> stop{false};

  // What run `run` of the unit must give; all zero where there is no golden.
  Digest golden(uint32_t unit, uint32_t run) const;
};

// Skips, with the reason, where there is no device; ASSAY_CUDA_LIBRARY names the library.
class DeviceUnderTest : public testing::Test {
 protected:
  void SetUp() override;

  // Those that this device can run.
  std::vector<device::Offer> offers() const;
  const GoldenTable* goldens_of(const device::Offer& offer) const;
  uint32_t unit_count() const { return static_cast<uint32_t>(accelerator_->device().units.size()); }

  const device::Backend* backend_ = nullptr;
  std::unique_ptr<device::Accelerator> accelerator_;
  GoldenSet goldens_;
};

}  // namespace assay::probes::gpu
