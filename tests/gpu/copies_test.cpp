// SPDX-License-Identifier: Apache-2.0
// Copies on the device: their rate, words that go by a peer, and that a process which has the whole device reaches all of it.
#include <gtest/gtest.h>

#include <fmt/format.h>

#include <algorithm>

#include "tests/gpu/device_under_test.h"

namespace assay::probes::gpu {
namespace {

class GpuCopies : public DeviceUnderTest {
 protected:
  device::Offer offer_of(std::string_view probe) const {
    const std::vector<device::Offer> all = accelerator_->offers();
    const auto found = std::ranges::find(all, probe, &device::Offer::probe);
    return found == all.end() ? device::Offer{std::string(probe), "", "", "not offered", false} : *found;
  }

  // Whether every run of every unit gave its golden; prints how fast.
  void expect_goldens(const device::Offer& offer) {
    Work work(*accelerator_, offer, 4, 16, goldens_of(offer));
    const auto result = accelerator_->run(work.job, work.stop);
    ASSERT_TRUE(result.ok()) << offer.probe << ": " << result.error().message;
    uint64_t runs = 0;
    for (const device::JobUnitResult& unit : result->units) {
      EXPECT_EQ(unit.wrong + unit.not_executed, 0U) << offer.probe << " on unit " << unit.unit;
      for (uint32_t run = 0; run < unit.digests.size(); ++run) EXPECT_EQ(unit.digests[run], work.golden(unit.unit, run)) << offer.probe << " on unit " << unit.unit;
      runs += unit.digests.size();
    }
    const double seconds = std::chrono::duration<double>(result->took).count();
    fmt::print("  {:28} {:10.3f} GB/s verified as they arrived\n", offer.probe, static_cast<double>(runs) * 128 * 1024 / seconds / 1e9);
  }
};

TEST_F(GpuCopies, WhatArrivesAtTheHostIsRight) { expect_goldens(offer_of("copy.d2h")); }

TEST_F(GpuCopies, WhatArrivesByAPeerIsRight) {
  const device::Offer offer = offer_of("copy.p2p");
  if (!offer.missing.empty()) GTEST_SKIP() << "copy.p2p: " << offer.missing;
  expect_goldens(offer);
}

TEST_F(GpuCopies, NothingIsOutOfReachOfAProcessThatHasTheDevice) {
  const std::vector<device::Offer> all = offers();
  ASSERT_FALSE(all.empty());
  Work work(*accelerator_, all.front(), 1, 1, nullptr);
  const auto result = accelerator_->run(work.job, work.stop);
  ASSERT_TRUE(result.ok()) << result.error().message;
  if (!result->confined_by.empty()) GTEST_SKIP() << "this process is confined: " << result->confined_by;
  for (const device::JobUnitResult& unit : result->units) EXPECT_FALSE(unit.out_of_reach) << unit.unit;
}

}  // namespace
}  // namespace assay::probes::gpu
