// SPDX-License-Identifier: Apache-2.0
// How much verified work a slice does. Numbers to publish (docs/measured), never a verdict.
#include <gtest/gtest.h>

#include <fmt/format.h>

#include "probes/backend/device/portable.h"
#include "tests/gpu/device_under_test.h"

namespace assay::probes::gpu {
namespace {

class GpuRate : public DeviceUnderTest {};

TEST_F(GpuRate, OfEveryPortableProbe) {
  for (const device::Offer& offer : offers()) {
    const device::Program* program = device::find_program(offer.probe);
    if (program == nullptr || offer.variant != "simt") continue;
    Work work(*accelerator_, offer, 2, 64, nullptr);
    ASSERT_TRUE(accelerator_->run(work.job, work.stop).ok());
    const auto result = accelerator_->run(work.job, work.stop);
    ASSERT_TRUE(result.ok()) << result.error().message;
    uint64_t runs = 0;
    Duration busy{};
    for (const device::JobUnitResult& unit : result->units) {
      runs += unit.digests.size();
      busy = std::max(busy, unit.busy);
    }
    const double seconds = std::chrono::duration<double>(busy).count();
    fmt::print("  {:28} {:10.3f} G/s verified, {:6.1f} % of the job's time computing\n", offer.probe,
               seconds > 0 ? static_cast<double>(runs) * program->work_per_run / seconds / 1e9 : 0.0,
               100 * seconds / std::chrono::duration<double>(result->took).count());
  }
}

}  // namespace
}  // namespace assay::probes::gpu
