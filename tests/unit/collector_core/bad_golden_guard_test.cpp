// SPDX-License-Identifier: Apache-2.0
#include "collector/core/bad_golden_guard.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/unit/collector_core/fleet_bench.h"

namespace assay::collector::test {
namespace {

constexpr uint64_t kSameSalt = 77;

TEST(BadGoldenGuard, TheSameWrongDigestFromTwoDevicesFreezesAndAcquits) {
  FleetBench bench;
  bench.populate(5);
  bench.send_incident(bench.incident("inc-0", "d0", Verdict::kOpen, 3, kSameSalt));
  EXPECT_EQ(bench.state("d0"), DeviceState::kConfirming);
  bench.send_incident(bench.incident("inc-1", "d1", Verdict::kConfirmedUnit, 3, kSameSalt));
  EXPECT_EQ(bench.core.state().freezes.size(), 1u);
  EXPECT_EQ(bench.state("d0"), DeviceState::kInService);
  EXPECT_EQ(bench.state("d1"), DeviceState::kInService);
  EXPECT_EQ(bench.view("inc-0").status, IncidentStatus::kRetracted);
  EXPECT_TRUE(bench.decisions(DecisionKind::kQuarantine).empty());
  EXPECT_EQ(bench.decisions(DecisionKind::kFreezeProbe).size(), 1u);
}

TEST(BadGoldenGuard, TwoIncidentsOfOneDeviceAreNotTwoDevices) {
  FleetBench bench;
  bench.send_incident(bench.incident("inc-0", "d0", Verdict::kOpen, 3, kSameSalt));
  bench.send_incident(bench.incident("inc-1", "d0", Verdict::kOpen, 3, kSameSalt));
  EXPECT_TRUE(bench.core.state().freezes.empty());
}

TEST(BadGoldenGuard, MoreThanThreeDevicesFailingOneOperandSetFreeze) {
  FleetBench bench;
  bench.populate(20);
  for (int i = 0; i < 3; ++i) {
    bench.send_incident(bench.incident(fmt::format("inc-{}", i), fmt::format("d{}", i), Verdict::kOpen, 5));
  }
  EXPECT_TRUE(bench.core.state().freezes.empty());
  bench.send_incident(bench.incident("inc-3", "d3", Verdict::kOpen, 5));
  EXPECT_EQ(bench.core.state().freezes.size(), 1u);
}

TEST(BadGoldenGuard, OldIncidentsDoNotCount) {
  FleetBench bench;
  bench.send_incident(bench.incident("inc-0", "d0", Verdict::kUnreproduced, 3, kSameSalt));
  bench.now += 25h;
  bench.send_incident(bench.incident("inc-1", "d1", Verdict::kOpen, 3, kSameSalt));
  EXPECT_TRUE(bench.core.state().freezes.empty());
}

TEST(BadGoldenGuard, AFrozenProbeAccusesNobody) {
  FleetBench bench;
  bench.populate(5);
  bench.send_incident(bench.incident("inc-0", "d0", Verdict::kOpen, 3, kSameSalt));
  bench.send_incident(bench.incident("inc-1", "d1", Verdict::kOpen, 3, kSameSalt));
  bench.send_incident(bench.incident("inc-2", "d2", Verdict::kConfirmedUnit, 1));
  bench.send_units("d3", {failure()});
  EXPECT_EQ(bench.state("d2"), DeviceState::kInService);
  EXPECT_EQ(bench.state("d3"), DeviceState::kInService);
  EXPECT_EQ(bench.view("inc-2").status, IncidentStatus::kRetracted);

  Incident other = bench.incident("inc-4", "d4", Verdict::kConfirmedUnit, 1);
  other.probe = kOtherProbe;
  other.expected = golden(1, kOtherProbe);
  bench.send_incident(other);
  EXPECT_EQ(bench.state("d4"), DeviceState::kQuarantined);
}

TEST(BadGoldenGuard, UnfreezingStartsTheCountAnew) {
  FleetBench bench;
  bench.populate(3);
  bench.send_incident(bench.incident("inc-0", "d0", Verdict::kOpen, 3, kSameSalt));
  bench.send_incident(bench.incident("inc-1", "d1", Verdict::kOpen, 3, kSameSalt));
  EXPECT_EQ(bench.step(UnfreezeProbe{kProbe.id, {}, "ann", ""}).status.error().code, ErrorCode::kInvalid);
  EXPECT_EQ(bench.step(UnfreezeProbe{"no.such", {}, "ann", "x"}).status.error().code, ErrorCode::kConflict);
  EXPECT_EQ(bench.step(UnfreezeProbe{kProbe.id, "other cohort", "ann", "x"}).status.error().code, ErrorCode::kConflict);
  ASSERT_TRUE(bench.step(UnfreezeProbe{kProbe.id, {}, "ann", "golden was replaced"}).status.ok());
  EXPECT_TRUE(bench.core.state().freezes.empty());
  bench.send_incident(bench.incident("inc-2", "d2", Verdict::kConfirmedUnit, 3, kSameSalt));
  EXPECT_EQ(bench.state("d2"), DeviceState::kQuarantined);
}

TEST(BadGoldenGuard, AsksTheOperatorAboutWhatIsDrainedAlready) {
  FleetBench bench;
  bench.populate(3);
  bench.send_incident(bench.incident("inc-0", "d0", Verdict::kConfirmedUnit, 3, kSameSalt));
  bench.step(HookFinished{1, HookStatus::kDone, 1, 0, "drained"});
  bench.send_incident(bench.incident("inc-1", "d1", Verdict::kOpen, 3, kSameSalt));
  EXPECT_EQ(bench.state("d0"), DeviceState::kQuarantined);
  EXPECT_EQ(bench.notices("release_advised"), 1u);
}

TEST(BadGoldenGuard, ReleasesWhatNothingHasActedOn) {
  PolicyOptions options = FleetBench::enforcing();
  options.hook = false;
  FleetBench bench(options);
  bench.populate(3);
  bench.send_incident(bench.incident("inc-0", "d0", Verdict::kConfirmedUnit, 3, kSameSalt));
  ASSERT_EQ(bench.state("d0"), DeviceState::kQuarantined);
  bench.send_incident(bench.incident("inc-1", "d1", Verdict::kOpen, 3, kSameSalt));
  EXPECT_EQ(bench.state("d0"), DeviceState::kProbation);
  ASSERT_EQ(bench.decisions(DecisionKind::kRelease).size(), 1u);
  EXPECT_EQ(bench.decisions(DecisionKind::kRelease).front().actor, "policy");
}

TEST(BadGoldenGuard, LeavesADeviceThatAnotherProbeAccuses) {
  FleetBench bench;
  bench.populate(3);
  Incident other = bench.incident("inc-other", "d0", Verdict::kUnreproduced, 1);
  other.probe = kOtherProbe;
  bench.send_incident(other);
  bench.send_incident(bench.incident("inc-0", "d0", Verdict::kOpen, 3, kSameSalt));
  bench.send_incident(bench.incident("inc-1", "d1", Verdict::kOpen, 3, kSameSalt));
  EXPECT_NE(bench.state("d0"), DeviceState::kInService);
  EXPECT_EQ(bench.state("d1"), DeviceState::kInService);
}

TEST(BadGoldenGuard, BlindComparatorsWithOneDigestPointAtOurOwnGolden) {
  FleetBench bench;
  bench.populate(5);
  bench.send_units("d0", {blind(0, 0, 4, kSameSalt)});
  bench.send_units("d1", {blind(0, 0, 4, kSameSalt)});
  EXPECT_EQ(bench.core.state().freezes.size(), 1u);
  EXPECT_EQ(bench.decisions(DecisionKind::kQuarantine).size(), 1u);
}

}  // namespace
}  // namespace assay::collector::test
