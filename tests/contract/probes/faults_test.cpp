// SPDX-License-Identifier: Apache-2.0
// Every planted fault is found in every variant of every probe. It proves the checker, not the coverage of real defects.
#include <csignal>

#include "tests/contract/probes/contract.h"

namespace assay::test {
namespace {

using probes::RunRequest;
using probes::RunResult;

RunRequest planted(const Subject& subject, Synthetic synthetic, FaultShape shape, uint64_t seed) {
  RunRequest request = request_for(subject, static_cast<uint32_t>(seed * 7 % subject.spec->operand_sets), 1);
  request.synthetic = synthetic;
  request.injection.shape = shape;
  request.injection.seed = seed;
  request.injection.step = static_cast<uint32_t>(seed / 2);
  return request;
}

// The requirement itself: a spoilt run is not called a match.
bool is_detected(const RunResult& result) { return result.units[0].result.outcome != Outcome::kMatch; }
// Whether the bits that came out are the right ones, as the collector would see it.
bool gave_the_right_bits(const RunRequest& request, const RunResult& result) {
  const auto& digests = result.units[0].digests;
  return digests.size() == 1 && digests[0] == request.goldens.at(request.work[0].first_set);
}

// Even seeds spoil outputs, odd ones the state. Most of them in the variant that runs; one or three in the others, and few with sanitizers,
// which look for other mistakes. (`assayctl probe matrix` has more trials.)
bool is_thorough(const Subject& subject) {
  const auto* best = probes::host::best_kernel(subject.spec->ref.id);
  return !kSanitized && best != nullptr && to_string(best->variant) == subject.variant;
}
std::vector<uint64_t> seeds_of_outputs(const Subject& subject) { return is_thorough(subject) ? std::vector<uint64_t>{0, 6} : std::vector<uint64_t>{6}; }
std::vector<uint64_t> seeds_of_state(const Subject& subject) {
  if (kSanitized) return {3};
  return is_thorough(subject) ? std::vector<uint64_t>{1, 3, 5, 7, 9} : std::vector<uint64_t>{3, 7};
}
uint64_t controls(const Subject& subject) { return is_thorough(subject) ? 4 : 1; }

class FaultsInEveryVariant : public testing::TestWithParam<Subject> {};

TEST_P(FaultsInEveryVariant, ShowsEveryFaultInItsOutputs) {
  for (const FaultShape shape : {FaultShape::kBitFlip, FaultShape::kMultiBit, FaultShape::kZero, FaultShape::kDroppedWrite, FaultShape::kStaleTile,
                                 FaultShape::kLanePeriodic, FaultShape::kSameMaskPair, FaultShape::kStuckAt, FaultShape::kNanInf}) {
    for (const uint64_t seed : seeds_of_outputs(GetParam())) {
      const RunResult result = run(planted(GetParam(), Synthetic::kDrill, shape, seed), true);
      EXPECT_TRUE(is_detected(result)) << to_string(shape) << " seed " << seed;
      EXPECT_EQ(result.synthetic, Synthetic::kDrill);
    }
  }
}

// A fault in the chain can be lost where nothing reads it (dead bits, memory about to be written): then the bits must be right, and a quarter at least must not be.
TEST_P(FaultsInEveryVariant, CarriesFaultsInItsStateToTheEnd) {
  int hits = 0;
  int found = 0;
  for (const FaultShape shape : {FaultShape::kBitFlip, FaultShape::kMultiBit, FaultShape::kLanePeriodic}) {
    for (const uint64_t seed : seeds_of_state(GetParam())) {
      const RunRequest request = planted(GetParam(), Synthetic::kDrill, shape, seed);
      const RunResult result = run(request, true);
      ++hits;
      found += is_detected(result) ? 1 : 0;
      EXPECT_NE(is_detected(result), gave_the_right_bits(request, result)) << to_string(shape) << " seed " << seed;
    }
  }
  EXPECT_GE(found * (kSanitized ? 6 : 4), hits) << found << " of " << hits;
}

TEST_P(FaultsInEveryVariant, NamesTheWordThatWasFlipped) {
  if (probes::host::allowed_cpus().size() < 2) GTEST_SKIP() << "needs a second cpu to compute the right words on";
  RunRequest request = planted(GetParam(), Synthetic::kDrill, FaultShape::kBitFlip, 4);
  request.injection.mask = 0x8000'0001;
  const auto records = run(request, true).units[0].result.records;
  ASSERT_EQ(records.size(), 1U);
  EXPECT_NE(records[0].word_index, MismatchRecord::kWholeDigest);
  EXPECT_EQ(records[0].mask(), 0x8000'0001U);
  EXPECT_EQ(records[0].operand_set, request.work[0].first_set);
  EXPECT_EQ(records[0].reread, records[0].actual);
}

TEST_P(FaultsInEveryVariant, ReportsEveryControl) {
  for (uint64_t seed = 0; seed < controls(GetParam()); ++seed) {
    const RunResult result = run(planted(GetParam(), Synthetic::kControl, FaultShape::kBitFlip, seed));
    EXPECT_EQ(result.units[0].result.outcome, Outcome::kMismatch) << "seed " << seed << " " << result.detail;
    EXPECT_EQ(result.synthetic, Synthetic::kControl);
  }
}

// The canary: with the comparator broken the requirement fails, so the tests above can fail; and the digests still tell.
TEST_P(FaultsInEveryVariant, WouldFailTheseTestsWithABrokenComparatorAndStillSendsTheTruth) {
  const RunRequest request = planted(GetParam(), Synthetic::kDrill, FaultShape::kBlindComparator, 2);
  const RunResult result = run(request, true);
  EXPECT_FALSE(is_detected(result));
  EXPECT_FALSE(gave_the_right_bits(request, result));
  RunFold of_goldens;
  of_goldens.add(request.work[0].first_set, request.goldens.at(request.work[0].first_set));
  EXPECT_NE(result.units[0].result.fold, of_goldens.value());
}

INSTANTIATE_TEST_SUITE_P(Contract, FaultsInEveryVariant, testing::ValuesIn(fault_subjects()), test_name);

// With sanitizers a few: the waiting takes its time, and the release build of these tests has all.
std::vector<Subject> death_subjects() {
  auto subjects = best_subjects();
  if (kSanitized && subjects.size() > 6) subjects.resize(6);
  return subjects;
}

class DeathsOfEveryProbe : public testing::TestWithParam<Subject> {};

TEST_P(DeathsOfEveryProbe, HangsWhereTheRunnerCanBeKilled) {
  RunnerProcess runner({"--allow-injection"});
  ASSERT_TRUE(runner.send(planted(GetParam(), Synthetic::kDrill, FaultShape::kHang, 0)).ok());
  EXPECT_EQ(runner.receive(std::chrono::milliseconds{250}).error().code, ErrorCode::kTimeout);
  EXPECT_TRUE(runner.child().kill_and_reap(std::chrono::seconds{5}));
}

TEST_P(DeathsOfEveryProbe, CrashesOnlyTheRunner) {
  RunnerProcess runner({"--allow-injection"});
  ASSERT_TRUE(runner.send(planted(GetParam(), Synthetic::kDrill, FaultShape::kCrash, 0)).ok());
  EXPECT_FALSE(runner.receive().ok());
  const auto end = runner.wait();
  ASSERT_TRUE(end.has_value());
  EXPECT_EQ(end->signal, SIGABRT);
}

INSTANTIATE_TEST_SUITE_P(Contract, DeathsOfEveryProbe, testing::ValuesIn(death_subjects()), test_name);

}  // namespace
}  // namespace assay::test
