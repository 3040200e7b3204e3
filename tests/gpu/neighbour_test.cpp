// SPDX-License-Identifier: Apache-2.0
// What a device is charged: time and memory stay within what was asked for, and are given back.
#include <gtest/gtest.h>

#include <fmt/format.h>

#include "probes/backend/cuda/driver_api.h"
#include "tests/gpu/device_under_test.h"

namespace assay::probes::gpu {
namespace {

class GpuNeighbour : public DeviceUnderTest {
 protected:
  // Of the device, in the context that the library made.
  static size_t free_bytes(const cuda::DriverApi& api) {
    size_t free = 0;
    size_t total = 0;
    EXPECT_EQ(api.memory_info(&free, &total), cuda::kSuccess);
    return free;
  }
};

TEST_F(GpuNeighbour, AJobEndsSoonAfterItsDeadline) {
  for (const device::Offer& offer : offers()) {
    Work work(*accelerator_, offer, 1, device::kRunsPerJobUnit, nullptr);
    work.job.deadline = std::chrono::milliseconds(50);
    const auto result = accelerator_->run(work.job, work.stop);
    ASSERT_TRUE(result.ok()) << offer.probe << ": " << result.error().message;
    fmt::print("  {:28} {:8} {:9.3f} ms\n", offer.probe, offer.variant, std::chrono::duration<double, std::milli>(result->took).count());
    EXPECT_LT(result->took, std::chrono::milliseconds(500)) << offer.probe;
  }
}

TEST_F(GpuNeighbour, MemoryStaysBelowTheCapAndIsGivenBack) {
  const auto api = cuda::load_driver();
  ASSERT_TRUE(api.ok());
  const size_t before = free_bytes(*api);
  size_t least = before;
  for (const device::Offer& offer : offers()) {
    Work work(*accelerator_, offer, 2, 2, nullptr);
    ASSERT_TRUE(accelerator_->run(work.job, work.stop).ok()) << offer.probe;
    least = std::min(least, free_bytes(*api));
  }
  fmt::print("{} MiB were taken at most, the context not counted\n", (before - least) >> 20);
  EXPECT_LE(before - least, (size_t{256} + 64) << 20);  // the images' own memory beside the launches'
}

TEST_F(GpuNeighbour, StopEndsAJob) {
  const std::vector<device::Offer> all = offers();
  ASSERT_FALSE(all.empty());
  Work work(*accelerator_, all.front(), 1, device::kRunsPerJobUnit, nullptr);
  work.stop = true;
  const auto result = accelerator_->run(work.job, work.stop);
  ASSERT_TRUE(result.ok());
  EXPECT_TRUE(result->units.front().digests.empty());
}

}  // namespace
}  // namespace assay::probes::gpu
