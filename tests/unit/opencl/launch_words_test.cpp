// SPDX-License-Identifier: Apache-2.0
// A job cut into launches: slots, hits, poison, faults, memory and time.
#include "probes/backend/opencl/launch_words.h"

#include <array>
#include <set>

#include "probes/backend/device/programs/plain.h"

namespace assay::probes::opencl {
namespace {

struct Sample {
  std::array<device::JobSet, 3> sets;
  std::array<device::JobUnit, 2> units = {device::JobUnit{.unit = 4, .slots = {0, 1, 2}}, device::JobUnit{.unit = 6, .slots = {1, 2, 0}}};
  device::Job job;
  device::ProgramShape shape = device::find_program("fma.fp64.chain")->shape;

  Sample() {
    job.sets = sets;
    job.units = units;
    job.runs_per_unit = 100;
    job.poison_seed = 5;
    job.injection.shape = ASSAY_SHAPE_BIT_FLIP;
    job.injection.unit = 6;
    job.injection.step = 1000;
    job.injection.hits_state = 1;
    job.hits = {0x8000'0000, 0b101};
  }
};

TEST(OpenclLaunchWords, TurnSlotsAndHitsToTheFirstRunOfALaunch) {
  const Sample it;
  const LaunchWords words = launch_words(it.job, it.shape, {31, 4, 2}, 1);
  EXPECT_EQ(words.slots, (std::vector<uint32_t>{2, 0, 1}));
  EXPECT_EQ(words.hits, (std::vector<uint32_t>{0b1011}));
  EXPECT_EQ(words.launch.runs_per_unit, 4U);
  EXPECT_EQ(words.launch.teams, 2U);
  EXPECT_EQ(words.launch.set_count, 3U);
  EXPECT_EQ(words.launch.has_expected, 0U);
}

TEST(OpenclLaunchWords, PlantTheFaultOnItsUnitAlone) {
  Sample it;
  EXPECT_EQ(launch_words(it.job, it.shape, {0, 1, 1}, 0).launch.injection.shape, uint32_t{ASSAY_SHAPE_NONE});
  const AssayInjection fault = launch_words(it.job, it.shape, {0, 1, 1}, 1).launch.injection;
  EXPECT_EQ(fault.shape, uint32_t{ASSAY_SHAPE_BIT_FLIP});
  EXPECT_EQ(fault.unit, 0U);
  EXPECT_EQ(fault.step, 1000 % it.shape.steps);
  EXPECT_EQ(fault.hits_state, 1U);
  it.shape.state_words = 0;
  EXPECT_EQ(launch_words(it.job, it.shape, {0, 1, 1}, 1).launch.injection.hits_state, 0U);
}

TEST(OpenclLaunchWords, GiveNoTwoRunsOneSeedOfPoison) {
  const Sample it;
  std::set<uint64_t> poisons;
  for (uint32_t position = 0; position < 2; ++position) {
    for (const uint32_t first : {0U, 10U}) {
      const uint64_t seed = launch_words(it.job, it.shape, {first, 10, 1}, position).launch.poison_seed;
      for (uint32_t run = 0; run < 10; ++run) poisons.insert(assay_poison(seed, 0, run));
    }
  }
  EXPECT_EQ(poisons.size(), 40U);
  // And it is the poison of the frame for that position and run.
  EXPECT_EQ(assay_poison(launch_words(it.job, it.shape, {10, 10, 1}, 1).launch.poison_seed, 0, 3), assay_poison(5, 1, 13));
}

TEST(OpenclLaunchTime, GrowsToTheTimeOfALaunchAndNotBeyond) {
  EXPECT_EQ(runs_of_launch(100, 8, Duration::zero()), 8U);
  EXPECT_EQ(runs_of_launch(3, 8, Duration::zero()), 3U);
  EXPECT_EQ(runs_of_launch(100, 8, kLaunchTime * 2), 8U);
  EXPECT_EQ(runs_of_launch(100, 8, kLaunchTime / 3), 24U);
  EXPECT_EQ(runs_of_launch(20, 8, kLaunchTime / 3), 20U);
}

TEST(OpenclMemory, TakesFewerTeamsBeforeItGivesUp) {
  const Sample it;
  const MemoryNeed one = memory_need(it.shape, 3, false, 100, 1);
  EXPECT_EQ(one.scratch, it.shape.scratch_words * 8U);
  EXPECT_EQ(one.operands, 3U * it.shape.operand_words() * 8);
  EXPECT_EQ(teams_within(it.job, it.shape, 4, {one.all(2) + one.scratch * 2, ~0ULL}).value(), 2U);
  EXPECT_EQ(teams_within(it.job, it.shape, 4, {~0ULL >> 1, one.scratch * 3}).error().code, ErrorCode::kLimit);   // the operands are larger
  EXPECT_EQ(teams_within(it.job, it.shape, 4, {one.all(2) - 1, ~0ULL}).error().code, ErrorCode::kLimit);
  EXPECT_EQ(teams_within(it.job, it.shape, 4, {~0ULL >> 1, ~0ULL}).value(), 4U);
}

}  // namespace
}  // namespace assay::probes::opencl
