// SPDX-License-Identifier: Apache-2.0
// What happens around a program on one team: runs dealt to teams, poison, comparison, records, planted faults, deadline.
#include "probes/backend/device/programs/plain.h"

#include <algorithm>
#include <set>
#include <vector>

#include "tests/unit/device/plain_job.h"

namespace assay::probes::device {
namespace {

constexpr uint32_t kSets[] = {4, 9};

const Program& fma() { return *find_program("fma.fp64.chain"); }
// Of a run.
const uint32_t kSteps = fma().shape.steps;

std::vector<uint64_t> expected_of_both() {
  std::vector<uint64_t> words = outputs_of(fma(), kSets[0]);
  const std::vector<uint64_t> more = outputs_of(fma(), kSets[1]);
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

AssayInjection flip(uint32_t step) {
  AssayInjection fault{};
  fault.shape = ASSAY_SHAPE_BIT_FLIP;
  fault.step = step;
  fault.place = 5;
  fault.mask = 0x10;
  return fault;
}

TEST(TeamRun, DealsRunsToTeamsAndSetsToRuns) {
  PlainJob job(fma(), kSets, 5, 3);
  job.run();
  for (uint32_t run = 0; run < 5; ++run) {
    EXPECT_EQ(job.results[run].done, 1U);
    EXPECT_EQ(job.digest(run), job.digest(run % 2)) << run;
  }
  EXPECT_NE(job.digest(0), job.digest(1));
  EXPECT_EQ(job.unit.wrong, 0U);
  EXPECT_EQ(job.unit.moved, 0U);
  EXPECT_GT(job.unit.busy_ns, 0U);
}

TEST(TeamRun, FindsNothingWrongWithRightWords) {
  PlainJob job(fma(), kSets, 4);
  job.expected = expected_of_both();
  job.run();
  EXPECT_EQ(job.unit.wrong, 0U);
  EXPECT_EQ(job.record_count, 0U);
}

TEST(TeamRun, RecordsAWrongWordWhereItIs) {
  PlainJob job(fma(), kSets, 4);
  job.expected = expected_of_both();
  job.launch.injection = flip(3);
  job.hits[0] = 0b0100;
  job.run();
  ASSERT_EQ(job.record_count, 1U);
  const AssayRecord& record = job.records[0];
  EXPECT_EQ(record.unit, 7U);
  EXPECT_EQ(record.run, 2U);
  EXPECT_EQ(record.slot, 0U);
  EXPECT_EQ(record.step, 3U);
  EXPECT_EQ(record.word, 5U);
  EXPECT_EQ(record.lane, 5U);
  EXPECT_EQ(record.expected ^ record.actual, 0x10U);
  EXPECT_EQ(record.reread, record.actual);
  EXPECT_EQ(job.results[2].wrong_words, 1U);
  EXPECT_EQ(job.unit.wrong, 1U);
  EXPECT_NE(job.digest(2), job.digest(0));
  EXPECT_EQ(job.digest(3), job.digest(1));
}

TEST(TeamRun, AFaultInTheStateStaysInTheChain) {
  PlainJob job(fma(), kSets, 1);
  job.expected = expected_of_both();
  job.launch.injection = flip(kSteps - 4);
  job.launch.injection.hits_state = 1;
  job.hits[0] = 1;
  job.run();
  std::set<uint32_t> steps;
  for (uint32_t i = 0; i < job.record_count; ++i) steps.insert(job.records[i].step);
  EXPECT_EQ(steps, (std::set<uint32_t>{kSteps - 4, kSteps - 3, kSteps - 2, kSteps - 1}));
}

TEST(TeamRun, SparesOtherUnits) {
  PlainJob job(fma(), kSets, 1);
  job.launch.injection = flip(0);
  job.launch.injection.unit = 1;
  job.hits[0] = 1;
  PlainJob healthy(fma(), kSets, 1);
  job.run();
  healthy.run();
  EXPECT_EQ(job.digest(0), healthy.digest(0));
}

TEST(TeamRun, CountsPoisonThatWasLeftOver) {
  PlainJob job(fma(), kSets, 3);
  job.launch.injection = flip(kSteps - 1);
  job.launch.injection.shape = ASSAY_SHAPE_DROPPED_WRITE;
  job.hits[0] = 0b110;
  job.run();
  EXPECT_EQ(job.unit.not_executed, 2U);
  EXPECT_EQ(job.results[1].done, 1U);
}

TEST(TeamRun, AStaleTileOfTheFirstStepIsOfTheRunBefore) {
  PlainJob job(fma(), kSets, 2);
  job.expected = expected_of_both();
  job.launch.injection = flip(0);
  job.launch.injection.shape = ASSAY_SHAPE_STALE_TILE;
  job.hits[0] = 0b10;
  job.run();
  ASSERT_EQ(job.record_count, 64U);
  const std::vector<uint64_t> before = outputs_of(fma(), kSets[0]);
  for (uint32_t i = 0; i < 64; ++i) EXPECT_EQ(job.records[i].actual, before[(kSteps - 1) * 64 + job.records[i].word]);
}

TEST(TeamRun, ABlindComparatorSaysMatchOfHitRunsAlone) {
  PlainJob job(fma(), kSets, 2);
  job.expected = expected_of_both();
  for (uint64_t& word : job.expected) word ^= 1;
  job.launch.blind = 1;
  job.launch.injection = flip(0);
  job.launch.injection.shape = ASSAY_SHAPE_BLIND_COMPARATOR;
  job.hits[0] = 0b01;
  job.run();
  EXPECT_EQ(job.results[0].wrong_words, 0U);
  EXPECT_EQ(job.results[1].wrong_words, kSteps * 64);
  EXPECT_EQ(job.unit.wrong, 1U);
  PlainJob healthy(fma(), kSets, 1);
  healthy.run();
  EXPECT_NE(job.digest(0), healthy.digest(0));
}

TEST(TeamRun, CountsRecordsThatItHadNoRoomFor) {
  PlainJob job(fma(), kSets, 1);
  job.expected = expected_of_both();
  job.expected[0] ^= 1;
  job.expected[1] ^= 1;
  job.launch.record_capacity = 1;
  job.run();
  EXPECT_EQ(job.record_count, 2U);
  EXPECT_EQ(job.records[1].expected, 0U);
  EXPECT_EQ(job.results[0].wrong_words, 2U);
}

TEST(TeamRun, EndsAtItsDeadlineWithoutAResult) {
  PlainJob job(fma(), kSets, 4);
  job.launch.deadline_ns = 1;
  job.run();
  EXPECT_TRUE(std::ranges::all_of(job.results, [](const AssayRun& run) { return run.done == 0; }));
}

}  // namespace
}  // namespace assay::probes::device
