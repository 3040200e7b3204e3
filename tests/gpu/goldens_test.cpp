// SPDX-License-Identifier: Apache-2.0
// The same bits on every unit, and every unit reached.
#include <gtest/gtest.h>

#include <fmt/format.h>

#include "tests/gpu/device_under_test.h"

namespace assay::probes::gpu {
namespace {

class GpuGoldens : public DeviceUnderTest {};

TEST_F(GpuGoldens, EveryProbeGivesItsGoldensOnEveryUnit) {
  fmt::print("{} ({}), {} units\n", accelerator_->device().model, accelerator_->device().architecture, unit_count());
  for (const device::Offer& offer : offers()) {
    const GoldenTable* goldens = goldens_of(offer);
    Work work(*accelerator_, offer, 4, 4, goldens);
    const auto result = accelerator_->run(work.job, work.stop);
    ASSERT_TRUE(result.ok()) << offer.probe << " " << offer.variant << ": " << result.error().message;
    Duration busy{};
    for (const device::JobUnitResult& unit : result->units) {
      EXPECT_TRUE(unit.reached) << offer.probe << " on unit " << unit.unit;
      EXPECT_FALSE(unit.moved) << offer.probe << " on unit " << unit.unit;
      EXPECT_EQ(unit.not_executed, 0U) << offer.probe << " on unit " << unit.unit;
      ASSERT_EQ(unit.digests.size(), 4U) << offer.probe << " on unit " << unit.unit;
      for (uint32_t run = 0; goldens != nullptr && run < 4; ++run) {
        EXPECT_EQ(to_hex(unit.digests[run]), to_hex(work.golden(unit.unit, run))) << offer.probe << " " << offer.variant << " on unit " << unit.unit;
      }
      busy = std::max(busy, unit.busy);
    }
    fmt::print("  {:28} {:8} {:9.3f} ms for 4 runs of a unit, {:9.3f} ms in all{}\n", offer.probe, offer.variant, std::chrono::duration<double, std::milli>(busy).count(),
               std::chrono::duration<double, std::milli>(result->took).count(), goldens == nullptr ? ", no golden: learned" : "");
  }
}

TEST_F(GpuGoldens, AllUnitsAgreeWhereThereIsNoGolden) {
  for (const device::Offer& offer : offers()) {
    if (goldens_of(offer) != nullptr) continue;
    Work work(*accelerator_, offer, 1, 2, nullptr);
    const auto result = accelerator_->run(work.job, work.stop);
    ASSERT_TRUE(result.ok()) << result.error().message;
    for (const device::JobUnitResult& unit : result->units) {
      for (const Digest& digest : unit.digests) EXPECT_EQ(digest, result->units.front().digests.front()) << offer.probe << " on unit " << unit.unit;
    }
  }
}

TEST_F(GpuGoldens, EveryUnitIsReachedEveryTime) {
  const std::vector<device::Offer> all = offers();
  ASSERT_FALSE(all.empty());
  for (int turn = 0; turn < 50; ++turn) {
    Work work(*accelerator_, all.front(), 1, 1, nullptr);
    const auto result = accelerator_->run(work.job, work.stop);
    ASSERT_TRUE(result.ok()) << result.error().message;
    for (const device::JobUnitResult& unit : result->units) EXPECT_TRUE(unit.reached) << "unit " << unit.unit << " in turn " << turn;
  }
}

}  // namespace
}  // namespace assay::probes::gpu
