// SPDX-License-Identifier: Apache-2.0
#include "collector/core/recheck.h"

#include <gtest/gtest.h>

#include "tests/unit/collector_core/fleet_bench.h"

namespace assay::collector::test {
namespace {

TEST(Recheck, AgreesWithAnHonestPassAndAnHonestFailure) {
  const ProbeBook book = make_book();
  Recheck recheck(book);
  EXPECT_EQ(recheck.check(kProbe, pass(0, 6, 5)).check, Check::kAgreed);
  EXPECT_EQ(recheck.check(kProbe, failure()).check, Check::kAgreed);
}

TEST(Recheck, FindsAMatchWithAWrongDigestAndAMismatchWithTheRightOne) {
  const ProbeBook book = make_book();
  Recheck recheck(book);
  EXPECT_EQ(recheck.check(kProbe, blind()).check, Check::kBlind);
  UnitResult liar = pass();
  liar.outcome = Outcome::kMismatch;
  liar.mismatches = 1;
  EXPECT_EQ(recheck.check(kProbe, liar).check, Check::kContradiction);
}

TEST(Recheck, NeverPassesWhatItCouldNotCheck) {
  const ProbeBook book = make_book();
  Recheck recheck(book);
  EXPECT_EQ(recheck.check(kProbe, nothing(Inconclusive::kHang)).check, Check::kNothing);
  EXPECT_EQ(recheck.check(kUnknownProbe, pass()).check, Check::kNoGolden);
  EXPECT_EQ(recheck.check(kQuorumProbe, pass()).check, Check::kNoGolden);
  UnitResult out_of_range = pass();
  out_of_range.first_set = kSets;
  EXPECT_EQ(recheck.check(kProbe, out_of_range).check, Check::kUnchecked);
  UnitResult no_sets = pass();
  no_sets.set_count = 0;
  EXPECT_EQ(recheck.check(kProbe, no_sets).check, Check::kUnchecked);
  UnitResult endless = pass();
  endless.runs = 4'000'000'000;
  EXPECT_EQ(recheck.check(kProbe, endless).check, Check::kUnchecked);
}

TEST(Recheck, DoesNotAccuseWithADamagedTable) {
  BookEntry entry{GoldenTier::kT0Analytic, kSets, {}, {}};
  for (uint32_t set = 0; set < kSets; ++set) entry.goldens.push_back(golden(set));
  entry.golden_hash = probes::hash_of(entry.goldens);
  entry.goldens[1].low ^= 1;
  const ProbeBook book({{kProbe, entry}});
  Recheck recheck(book);
  EXPECT_EQ(recheck.check(kProbe, pass()).check, Check::kUnchecked);
}

TEST(RecheckInCore, CountsRunsOnlyWhenTheDigestBearsThem) {
  FleetBench bench;
  bench.send_units("d0", {pass(0, 0, 4), failure(1), blind(2, 0, 4), nothing(Inconclusive::kMigrated)});
  const DeviceCounts& counts = bench.core.state().counts.at("d0");
  const ProbeCounts& runs = counts.probes.at(kProbe);
  EXPECT_EQ(runs.match, 4u + 3u);
  EXPECT_EQ(runs.mismatch, 1u);
  EXPECT_EQ(runs.inconclusive, 2u);
  EXPECT_EQ(counts.inconclusive_by_reason.at("blind"), 1u);
  EXPECT_EQ(counts.inconclusive_by_reason.at("migrated"), 1u);
}

TEST(RecheckInCore, QuarantinesANodeWhoseComparatorIsBlind) {
  FleetBench bench;
  bench.send_units("d0", {blind(3, 0, 4)});
  ASSERT_EQ(bench.core.state().incidents.size(), 1u);
  const IncidentView& found = bench.core.state().incidents.begin()->second;
  EXPECT_EQ(found.source, IncidentSource::kCollector);
  EXPECT_EQ(found.verdict, Verdict::kControlMissed);
  EXPECT_EQ(found.unit, 3u);
  EXPECT_EQ(bench.state("d0"), DeviceState::kQuarantined);
  EXPECT_EQ(FleetBench::count<SaveIncident>(bench.last), 1u);
  EXPECT_EQ(FleetBench::count<SaveObservation>(bench.last), 1u);
}

TEST(RecheckInCore, WaitsForASecondWrongDigestWhenTheFirstIsASingleRun) {
  FleetBench bench;
  bench.send_units("d0", {blind(0, 0, 1)});
  EXPECT_TRUE(bench.core.state().incidents.empty());
  EXPECT_EQ(bench.state("d0"), DeviceState::kUnknown);
  bench.send_units("d0", {blind(0, 1, 1)});
  EXPECT_EQ(bench.state("d0"), DeviceState::kQuarantined);
}

TEST(RecheckInCore, OpensOneIncidentForOneBlindness) {
  PolicyOptions options = FleetBench::enforcing();
  options.mode = PolicyMode::kObserve;
  FleetBench bench(options);
  for (int i = 0; i < 5; ++i) bench.send_units("d0", {blind()});
  EXPECT_EQ(bench.core.state().incidents.size(), 1u);
  bench.now += 25h;
  bench.send_units("d0", {blind()});
  EXPECT_EQ(bench.core.state().incidents.size(), 2u);
}

TEST(RecheckInCore, NotesAContradictionAndCondemnsNobody) {
  FleetBench bench;
  UnitResult liar = pass();
  liar.outcome = Outcome::kMismatch;
  liar.mismatches = 4;
  bench.send_units("d0", {pass()});
  bench.send_units("d0", {liar});
  EXPECT_EQ(bench.notices("contradiction"), 1u);
  EXPECT_EQ(bench.state("d0"), DeviceState::kInService);
  EXPECT_EQ(bench.core.state().counts.at("d0").probes.at(kProbe).mismatch, 0u);
}

TEST(RecheckInCore, CountsControlsApartFromRuns) {
  FleetBench bench;
  bench.send_units("d0", {failure()}, Synthetic::kControl);
  bench.send_units("d0", {pass()}, Synthetic::kControl);
  bench.send_units("d0", {nothing(Inconclusive::kStopped)}, Synthetic::kControl);
  UnitResult unjudged = nothing(Inconclusive::kNoGolden);
  unjudged.runs = 1;
  bench.send_units("d0", {unjudged}, Synthetic::kControl);  // no vote came about: nothing was compared, so nothing was missed
  EXPECT_EQ(bench.at("d0").controls, 2u);
  EXPECT_EQ(bench.at("d0").controls_missed, 1u);
  EXPECT_EQ(bench.notices("control_missed"), 1u);
  EXPECT_EQ(bench.state("d0"), DeviceState::kUnknown);
  EXPECT_EQ(bench.core.state().counts.at("d0").probes.at(kProbe).mismatch, 0u);
}

}  // namespace
}  // namespace assay::collector::test
