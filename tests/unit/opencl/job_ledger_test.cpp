// SPDX-License-Identifier: Apache-2.0
// What launches gave, gathered: digests without a gap, wrong runs, records under the job's own numbers.
#include "probes/backend/opencl/job_ledger.h"

#include <array>

namespace assay::probes::opencl {
namespace {

struct Sample {
  std::array<device::JobSet, 2> sets;
  std::array<device::JobUnit, 1> units = {device::JobUnit{.unit = 9, .slots = {0, 1}}};
  device::Job job;

  Sample() {
    sets[0].golden = {1, 1};
    sets[1].golden = {2, 2};
    job.sets = sets;
    job.units = units;
    job.runs_per_unit = 4;
  }
};

LaunchOutcome outcome(std::vector<AssayRun> runs) {
  LaunchOutcome result;
  result.unit.claims = 1;
  result.runs = std::move(runs);
  result.busy = Duration{10};
  return result;
}

TEST(OpenclLedger, JoinsLaunches) {
  const Sample it;
  JobLedger ledger(it.job);
  ledger.add({0, 2, 1}, 0, outcome({{1, 1, 1, 0}, {2, 2, 1, 0}}));
  ledger.add({2, 2, 1}, 0, outcome({{1, 1, 1, 0}, {2, 2, 1, 0}}));
  EXPECT_TRUE(ledger.goes_on(0));
  const device::JobResult result = ledger.take(Duration{30});
  EXPECT_EQ(result.units[0].unit, 9U);
  EXPECT_TRUE(result.units[0].reached);
  EXPECT_EQ(result.units[0].digests.size(), 4U);
  EXPECT_EQ(result.units[0].wrong, 0U);
  EXPECT_EQ(result.units[0].busy, Duration{20});
  EXPECT_EQ(result.took, Duration{30});
}

TEST(OpenclLedger, EndsAtAGap) {
  const Sample it;
  JobLedger ledger(it.job);
  ledger.add({0, 3, 1}, 0, outcome({{1, 1, 1, 0}, {0, 0, 0, 0}, {1, 1, 1, 0}}));
  EXPECT_FALSE(ledger.goes_on(0));
  EXPECT_EQ(ledger.take({}).units[0].digests, (std::vector<Digest>{{1, 1}}));
}

TEST(OpenclLedger, HoldsNoUnitForReachedThatClaimedNothing) {
  const Sample it;
  JobLedger ledger(it.job);
  LaunchOutcome nothing = outcome({{0, 0, 0, 0}});
  nothing.unit.claims = 0;
  ledger.add({0, 1, 1}, 0, nothing);
  EXPECT_FALSE(ledger.take({}).units[0].reached);
}

TEST(OpenclLedger, ComparesWithTheGoldenWhereTheDeviceHadNoWords) {
  Sample it;
  JobLedger ledger(it.job);
  ledger.add({1, 2, 1}, 0, outcome({{2, 2, 1, 0}, {7, 1, 1, 0}}));
  EXPECT_EQ(ledger.take({}).units[0].wrong, 1U);
  // A planted blindness of the comparator holds for hit runs.
  it.job.injection.shape = ASSAY_SHAPE_BLIND_COMPARATOR;
  it.job.injection.unit = 9;
  it.job.hits = {0b100};
  JobLedger blind(it.job);
  blind.add({1, 2, 1}, 0, outcome({{7, 2, 1, 0}, {7, 1, 1, 0}}));
  EXPECT_EQ(blind.take({}).units[0].wrong, 1U);
}

TEST(OpenclLedger, BelievesTheDeviceThatSawWrongWords) {
  const Sample it;
  JobLedger ledger(it.job);
  ledger.add({0, 1, 1}, 0, outcome({{1, 1, 1, 5}}));
  EXPECT_EQ(ledger.take({}).units[0].wrong, 1U);
}

TEST(OpenclLedger, KeepsRecordsUnderTheNumbersOfTheJobAndCountsTheRest) {
  const Sample it;
  JobLedger ledger(it.job);
  LaunchOutcome full = outcome({{1, 1, 1, 0}});
  full.records.resize(ASSAY_RECORDS);
  full.records[0].run = 1;
  full.records_asked = ASSAY_RECORDS + 3;
  ledger.add({2, 1, 1}, 0, full);
  ledger.add({3, 1, 1}, 0, full);
  const device::JobResult result = ledger.take({});
  EXPECT_EQ(result.records.size(), size_t{ASSAY_RECORDS});
  EXPECT_EQ(result.records[0].unit, 9U);
  EXPECT_EQ(result.records[0].run, 3U);
  EXPECT_EQ(result.records_lost, ASSAY_RECORDS + 6U);
}

}  // namespace
}  // namespace assay::probes::opencl
