// SPDX-License-Identifier: Apache-2.0
#include "collector/core/admission.h"

#include <gtest/gtest.h>

#include "tests/unit/collector_core/fleet_bench.h"

namespace assay::collector::test {
namespace {

PolicyOptions in_mode(PolicyMode mode) {
  PolicyOptions options = FleetBench::enforcing();
  options.mode = mode;
  return options;
}

TEST(Admission, EnforceQuarantinesRecordsAndDrains) {
  FleetBench bench;
  bench.populate(2);
  bench.condemn("d0");
  EXPECT_EQ(bench.state("d0"), DeviceState::kQuarantined);
  ASSERT_EQ(bench.decisions(DecisionKind::kQuarantine).size(), 1u);
  const Decision decision = bench.decisions(DecisionKind::kQuarantine).front();
  EXPECT_EQ(decision.number, 1u);
  EXPECT_EQ(decision.actor, "policy");
  EXPECT_EQ(decision.incident_id, "inc-d0");
  EXPECT_EQ(decision.state_after, DeviceState::kQuarantined);
  EXPECT_FALSE(decision.synthetic);
  ASSERT_EQ(bench.started().size(), 1u);
  EXPECT_EQ(bench.started().front().action, HookAction::kDrain);
  EXPECT_EQ(bench.started().front().decision, 1u);
  EXPECT_EQ(bench.started().front().node, "node-d0");
}

// An emulator may be wrong about a part that it has never met.
TEST(Admission, AnEmulatedGoldenIsObservedUntilTheSiteNamesTheProbe) {
  for (const bool named : {false, true}) {
    PolicyOptions options = in_mode(PolicyMode::kEnforce);
    if (named) options.probe_modes[kProbe.id] = PolicyMode::kEnforce;
    FleetBench bench(options);
    bench.populate(1);
    Incident incident = bench.incident("inc-1", "d0", Verdict::kConfirmedUnit);
    incident.tier = GoldenTier::kT1Emulated;
    bench.send_incident(incident);
    EXPECT_EQ(bench.decisions(DecisionKind::kQuarantine).size(), named ? 1U : 0U);
  }
}

// Kernels of accelerators are proven by emulation only, until a site has seen its own chips agree.
TEST(Admission, AnAcceleratorIsObservedUntilTheSiteNamesItsArchitecture) {
  Device gpu;
  gpu.kind = DeviceKind::kGpu;
  gpu.architecture = "nvidia/sm_90";
  PolicyOptions options = in_mode(PolicyMode::kEnforce);
  EXPECT_EQ(mode_for(options, gpu, kProbe.id, GoldenTier::kT0Analytic, Silicon::kNotYet), PolicyMode::kObserve);
  options.architecture_modes["nvidia/sm_80"] = PolicyMode::kEnforce;
  EXPECT_EQ(mode_for(options, gpu, kProbe.id, GoldenTier::kT0Analytic, Silicon::kNotYet), PolicyMode::kObserve) << "another architecture";
  options.architecture_modes["nvidia/sm_90"] = PolicyMode::kEnforce;
  EXPECT_EQ(mode_for(options, gpu, kProbe.id, GoldenTier::kT0Analytic, Silicon::kNotYet), PolicyMode::kEnforce);
  EXPECT_EQ(mode_for(options, gpu, kProbe.id, GoldenTier::kT1Emulated, Silicon::kNotYet), PolicyMode::kObserve) << "the probe must be named too";
  options.mode = PolicyMode::kAdvise;
  EXPECT_EQ(mode_for(options, gpu, kProbe.id, GoldenTier::kT0Analytic, Silicon::kNotYet), PolicyMode::kAdvise) << "the most careful holds";
  EXPECT_EQ(mode_for(options, Device{}, kProbe.id, GoldenTier::kT0Analytic, Silicon::kNotYet), PolicyMode::kAdvise) << "a processor needs no name";
}

// What was measured on such a chip before it was shipped needs no name.
TEST(Admission, AVariantThatRanOnSiliconFollowsTheFleetsMode) {
  Device gpu;
  gpu.kind = DeviceKind::kGpu;
  gpu.architecture = "nvidia/sm_90";
  PolicyOptions options = in_mode(PolicyMode::kEnforce);
  EXPECT_EQ(mode_for(options, gpu, kProbe.id, GoldenTier::kT0Analytic, Silicon::kRan), PolicyMode::kEnforce);
  EXPECT_EQ(mode_for(options, gpu, kProbe.id, GoldenTier::kT1Emulated, Silicon::kRan), PolicyMode::kObserve) << "the tier's own caution stays";
  options.architecture_modes["nvidia/sm_90"] = PolicyMode::kAdvise;
  EXPECT_EQ(mode_for(options, gpu, kProbe.id, GoldenTier::kT0Analytic, Silicon::kRan), PolicyMode::kAdvise) << "the site's word counts";
  for (const bool ran : {false, true}) {
    FleetBench bench(in_mode(PolicyMode::kEnforce));
    bench.device_kind = DeviceKind::kGpu;
    bench.populate(1);
    Incident incident = bench.incident("inc-d0", "d0", Verdict::kConfirmedUnit);
    incident.ran_on_silicon = ran;
    bench.send_incident(incident);
    EXPECT_EQ(bench.state("d0") == DeviceState::kQuarantined, ran);
  }
}

TEST(Admission, AnAcceleratorThatIsNotNamedStaysInServiceInEnforceMode) {
  for (const bool named : {false, true}) {
    PolicyOptions options = in_mode(PolicyMode::kEnforce);
    if (named) options.architecture_modes["x86_64/test"] = PolicyMode::kEnforce;
    FleetBench bench(options);
    bench.device_kind = DeviceKind::kGpu;
    bench.populate(1);
    bench.condemn("d0");
    EXPECT_EQ(bench.decisions(DecisionKind::kQuarantine).size(), named ? 1U : 0U);
    EXPECT_EQ(bench.decisions(DecisionKind::kRefuse).size(), named ? 0U : 1U);
  }
}

TEST(Admission, ObserveRefusesAndSaysWhatItWouldDo) {
  FleetBench bench(in_mode(PolicyMode::kObserve));
  bench.populate(1);
  bench.condemn("d0");
  EXPECT_EQ(bench.state("d0"), DeviceState::kConfirming);
  ASSERT_EQ(bench.decisions(DecisionKind::kRefuse).size(), 1u);
  EXPECT_NE(bench.decisions(DecisionKind::kRefuse).front().reason.find("observe mode: would quarantine"), std::string::npos);
  EXPECT_TRUE(bench.started().empty());
}

TEST(Admission, AdviseAdvisesOnce) {
  FleetBench bench(in_mode(PolicyMode::kAdvise));
  bench.condemn("d0");
  Incident again = bench.incident("inc-d0", "d0", Verdict::kConfirmedUnit);
  again.updated = bench.now + 1s;
  bench.send_incident(again);
  EXPECT_EQ(bench.decisions(DecisionKind::kAdvise).size(), 1u);
  EXPECT_TRUE(bench.decisions(DecisionKind::kQuarantine).empty());
}

TEST(Admission, AProbeInObserveHoldsBackAnEnforcingFleet) {
  PolicyOptions options = FleetBench::enforcing();
  options.probe_modes[kProbe.id] = PolicyMode::kObserve;
  FleetBench bench(options);
  bench.condemn("d0");
  EXPECT_TRUE(bench.decisions(DecisionKind::kQuarantine).empty());
}

TEST(Admission, OneQuarantineForADeviceWhateverComesAfter) {
  FleetBench bench;
  bench.condemn("d0");
  bench.condemn("d0");
  bench.send_incident(bench.incident("inc-second", "d0", Verdict::kConfirmedDevice, 3));
  EXPECT_EQ(bench.decisions(DecisionKind::kQuarantine).size(), 1u);
  EXPECT_EQ(bench.started().size(), 1u);
}

TEST(Admission, RefusesWhenTheNodesGoldenIsNotOurs) {
  FleetBench bench;
  Incident accused = bench.incident("inc-1", "d0", Verdict::kConfirmedUnit);
  accused.expected = wrong(9);
  bench.send_incident(accused);
  EXPECT_EQ(bench.state("d0"), DeviceState::kSuspect);
  ASSERT_EQ(bench.decisions(DecisionKind::kRefuse).size(), 1u);
  EXPECT_NE(bench.decisions(DecisionKind::kRefuse).front().reason.find("golden differs"), std::string::npos);
}

TEST(Admission, RefusesWhenWhatItCallsWrongIsRight) {
  FleetBench bench;
  Incident accused = bench.incident("inc-1", "d0", Verdict::kConfirmedUnit);
  accused.actual = golden(0);
  bench.send_incident(accused);
  EXPECT_TRUE(bench.decisions(DecisionKind::kQuarantine).empty());
}

TEST(Admission, RefusesAConfirmationWithoutASecondFailure) {
  FleetBench bench;
  Incident accused = bench.incident("inc-1", "d0", Verdict::kConfirmedUnit);
  accused.steps[1].mismatches = 0;
  bench.send_incident(accused);
  EXPECT_TRUE(bench.decisions(DecisionKind::kQuarantine).empty());
  // With better evidence later, it goes through.
  accused.steps[1].mismatches = 2;
  accused.updated = bench.now + 1s;
  bench.send_incident(accused);
  EXPECT_EQ(bench.decisions(DecisionKind::kQuarantine).size(), 1u);
}

TEST(Admission, AMemoryVerdictNeedsASecondFailureTooAndTheReReadIsNone) {
  FleetBench bench;
  Incident accused = bench.incident("inc-1", "d0", Verdict::kMemory);
  accused.steps[1].rung = Rung::kReread;
  bench.send_incident(accused);
  EXPECT_TRUE(bench.decisions(DecisionKind::kQuarantine).empty());
  accused.steps[1].rung = Rung::kSameUnit;
  accused.updated = bench.now + 1s;
  bench.send_incident(accused);
  EXPECT_EQ(bench.decisions(DecisionKind::kQuarantine).size(), 1u);
}

TEST(Admission, RefusesAProbeThatTheCollectorDoesNotKnow) {
  FleetBench bench;
  Incident accused = bench.incident("inc-1", "d0", Verdict::kConfirmedUnit);
  accused.probe = kUnknownProbe;
  bench.send_incident(accused);
  EXPECT_TRUE(bench.decisions(DecisionKind::kQuarantine).empty());
}

TEST(Admission, HangsAndMissedControlsNeedNoDigest) {
  FleetBench bench;
  Incident hang = bench.incident("inc-1", "d0", Verdict::kHang);
  hang.expected.reset();
  hang.actual.reset();
  bench.send_incident(hang);
  Incident missed = bench.incident("inc-2", "d1", Verdict::kControlMissed, 1);
  missed.actual.reset();
  bench.send_incident(missed);
  EXPECT_EQ(bench.state("d0"), DeviceState::kQuarantined);
  EXPECT_EQ(bench.state("d1"), DeviceState::kQuarantined);
}

TEST(Admission, ModeChangesHoldFromTheNextVerdictOn) {
  FleetBench bench(in_mode(PolicyMode::kObserve));
  bench.condemn("d0");
  bench.core.set_options(FleetBench::enforcing());
  bench.tick(2min);
  EXPECT_EQ(bench.state("d0"), DeviceState::kConfirming);
  Incident again = bench.incident("inc-d0", "d0", Verdict::kConfirmedUnit);
  again.updated = bench.now;
  bench.send_incident(again);
  EXPECT_EQ(bench.state("d0"), DeviceState::kQuarantined);
}

}  // namespace
}  // namespace assay::collector::test
