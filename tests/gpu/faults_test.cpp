// SPDX-License-Identifier: Apache-2.0
// Every shape of fault, planted by the device in its own computation, is found on its unit and nowhere else.
#include <gtest/gtest.h>

#include "common/model/observation.h"
#include "tests/gpu/device_under_test.h"

namespace assay::probes::gpu {
namespace {

class GpuFaults : public DeviceUnderTest {};

TEST_F(GpuFaults, EveryShapeIsFoundInEveryProbe) {
  for (const device::Offer& offer : offers()) {
    const GoldenTable* goldens = goldens_of(offer);
    if (goldens == nullptr) continue;
    for (const uint32_t shape : {ASSAY_SHAPE_BIT_FLIP, ASSAY_SHAPE_MULTI_BIT, ASSAY_SHAPE_ZERO, ASSAY_SHAPE_DROPPED_WRITE, ASSAY_SHAPE_STALE_TILE,
                                 ASSAY_SHAPE_LANE_PERIODIC, ASSAY_SHAPE_SAME_MASK_PAIR, ASSAY_SHAPE_STUCK_AT, ASSAY_SHAPE_NAN_INF}) {
      Work work(*accelerator_, offer, 2, 4, goldens);
      const uint32_t unit = shape * 7 % unit_count();
      work.job.injection = {shape, unit, 3, 0, 0x123456789ULL * shape, shape == ASSAY_SHAPE_MULTI_BIT ? 0x8000000000000101ULL : uint64_t{1} << (shape * 5)};
      work.job.hits = {1U << 2};
      const auto result = accelerator_->run(work.job, work.stop);
      ASSERT_TRUE(result.ok()) << offer.probe << ": " << result.error().message;
      for (const device::JobUnitResult& one : result->units) {
        EXPECT_EQ(one.wrong, one.unit == unit ? 1U : 0U) << offer.probe << " " << offer.variant << " " << to_string(static_cast<FaultShape>(shape));
        ASSERT_EQ(one.digests.size(), 4U);
        for (uint32_t run = 0; run < 4; ++run) EXPECT_EQ(one.digests[run] == work.golden(one.unit, run), one.unit != unit || run != 2);
      }
    }
  }
}

TEST_F(GpuFaults, ABlindComparatorIsSeenByItsDigest) {
  for (const device::Offer& offer : offers()) {
    const GoldenTable* goldens = goldens_of(offer);
    if (goldens == nullptr) continue;
    Work work(*accelerator_, offer, 1, 1, goldens);
    work.job.injection = {ASSAY_SHAPE_BLIND_COMPARATOR, 0, 0, 0, 1, 2};
    const auto result = accelerator_->run(work.job, work.stop);
    ASSERT_TRUE(result.ok()) << result.error().message;
    EXPECT_EQ(result->units[0].wrong, 0U) << offer.probe;
    EXPECT_NE(result->units[0].digests.at(0), work.golden(0, 0)) << offer.probe;
  }
}

}  // namespace
}  // namespace assay::probes::gpu
