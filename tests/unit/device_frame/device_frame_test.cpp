// SPDX-License-Identifier: Apache-2.0
// Every verdict of the frame around accelerators, with a made-up device that has made-up defects.
#include "probes/backend/device/device_frame.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "probes/catalogue/catalogue.h"
#include "tests/unit/device_frame/fake_accelerator.h"

namespace assay::test {
namespace {

using probes::RunRequest;
using probes::RunResult;
using probes::device::DeviceFrame;
using probes::device::DeviceFrameOptions;
using testing::HasSubstr;

const std::atomic<bool> kNever{false};

// A device, what it should compute, and the frame around both.
struct Bench {
  explicit Bench(FakeDefects defects = {}, DeviceFrameOptions options = {}) : device(std::move(defects)), frame(device, words, options) {}
  RunResult run(const RunRequest& request, const std::atomic<bool>& stop = kNever) { return frame.run(request, stop); }
  FakeAccelerator device;
  FakeWords words;
  DeviceFrame frame;
};

bool is_unit_4(uint32_t unit, uint32_t) { return unit == 4; }
DeviceFrameOptions drills_allowed() {
  DeviceFrameOptions options;
  options.allow_injection = true;
  return options;
}

RunRequest drill(FaultShape shape, uint32_t unit) {
  RunRequest request = fake_request();
  request.synthetic = Synthetic::kDrill;
  request.injection.shape = shape;
  request.injection.unit = unit;
  request.injection.seed = 12;
  return request;
}

TEST(DeviceFrame, RightDigestsMatchAndSurviveTheProtocol) {
  Bench bench;
  const RunResult result = bench.run(fake_request());
  ASSERT_EQ(result.units.size(), 2U);
  EXPECT_EQ(result.variant, "mma") << "the strongest offer is the first";
  EXPECT_EQ(result.detail, "");
  for (const auto& unit : result.units) {
    EXPECT_EQ(unit.result.outcome, Outcome::kMatch) << to_string(unit.result.reason);
    EXPECT_EQ(unit.result.runs, 3U);
    EXPECT_GT(unit.result.busy, Duration::zero());
  }
  EXPECT_EQ(result.units[1].result.unit, 4U);
  EXPECT_EQ(result.units[1].result.first_set, 6U);
  EXPECT_TRUE(probes::decode_result(probes::encode(result)).ok());
  EXPECT_TRUE(bench.device.launches.front().compared) << "the device had the expected words";
}

TEST(DeviceFrame, FoldIsThatOfTheRunsInOrder) {
  Bench bench;
  RunFold fold;
  for (uint32_t run = 0; run < 3; ++run) fold.add(5 + run, digest_of(fake_words(5 + run)));
  EXPECT_EQ(bench.run(fake_request()).units[0].result.fold, fold.value());
}

TEST(DeviceFrame, AskedForDigestsComeInOrderOverLaunches) {
  Bench bench;
  RunRequest request = fake_request();
  request.report_digests = true;
  request.max_runs = 9;
  const RunResult result = bench.run(request);
  ASSERT_EQ(result.units[0].digests.size(), 9U);
  for (uint32_t run = 0; run < 9; ++run) EXPECT_EQ(result.units[0].digests[run], request.goldens[5 + run % 8]) << run;
  EXPECT_GT(bench.device.launches.size(), 1U) << "the first launch is small";
  EXPECT_NE(bench.device.launches[0].poison_seed, bench.device.launches[1].poison_seed);
}

TEST(DeviceFrame, NamedVariantIsUsed) {
  Bench bench;
  RunRequest request = fake_request();
  request.variant = "simt";
  EXPECT_EQ(bench.run(request).variant, "simt");
}

TEST(DeviceFrame, WrongWordIsAMismatchWithItsPlaceAndUnit) {
  Bench bench({.wrong = is_unit_4});
  const RunResult result = bench.run(fake_request());
  EXPECT_EQ(result.units[0].result.outcome, Outcome::kMatch);
  const UnitResult& bad = result.units[1].result;
  EXPECT_EQ(bad.outcome, Outcome::kMismatch);
  EXPECT_EQ(bad.mismatches, 3U);
  ASSERT_EQ(bad.records.size(), 1U);
  EXPECT_EQ(bad.records[0].operand_set, 6U);
  EXPECT_EQ(bad.records[0].step, 2U);
  EXPECT_EQ(bad.records[0].word_index, kFakeWord);
  EXPECT_EQ(bad.records[0].mask(), kFakeMask);
  EXPECT_EQ(bad.records[0].cpu_before, 4U);
  EXPECT_EQ(bad.records[0].cpu_after, 4U);
  EXPECT_TRUE(result.golden_rehash_ok);
}

TEST(DeviceFrame, WithoutExpectedWordsTheDigestAloneAccuses) {
  Bench bench({.wrong = is_unit_4});
  bench.words.absent = true;
  const RunResult result = bench.run(fake_request());
  EXPECT_FALSE(bench.device.launches.front().compared);
  EXPECT_EQ(result.units[1].result.outcome, Outcome::kMismatch);
  ASSERT_EQ(result.units[1].result.records.size(), 1U);
  EXPECT_EQ(result.units[1].result.records[0].word_index, MismatchRecord::kWholeDigest);
  EXPECT_EQ(result.units[0].result.outcome, Outcome::kMatch);
}

TEST(DeviceFrame, WordsOfAHostThatComputesWrongAreNotUploaded) {
  Bench bench;
  bench.words.wrong = true;
  const RunResult result = bench.run(fake_request());
  EXPECT_EQ(result.units[0].result.outcome, Outcome::kMatch);
  for (const FakeLaunch& launch : bench.device.launches) EXPECT_FALSE(launch.compared);
  const uint32_t computed = bench.words.computed;
  bench.run(fake_request());
  EXPECT_EQ(bench.words.computed, computed) << "and are not made again for every slice";
}

TEST(DeviceFrame, RunThatFailedWithoutWordsIsRepeatedWithThem) {
  Bench bench({.wrong = [](uint32_t unit, uint32_t launch) { return unit == 4 && launch > 0; }});
  bench.words.takes = std::chrono::milliseconds{6};  // a quarter of the budget is gone with the words of the first launch
  RunRequest request = fake_request();
  request.budget = std::chrono::milliseconds{40};
  const RunResult result = bench.run(request);
  ASSERT_EQ(bench.device.launches.size(), 3U);
  EXPECT_FALSE(bench.device.launches[1].compared);
  EXPECT_TRUE(bench.device.launches[2].compared) << "the repeat";
  ASSERT_EQ(result.units[1].result.outcome, Outcome::kMismatch);
  ASSERT_EQ(result.units[1].result.records.size(), 1U);
  EXPECT_EQ(result.units[1].result.records[0].mask(), kFakeMask);
}

TEST(DeviceFrame, LostRecordsAreFoundByRepeatingTheRun) {
  Bench bench({.wrong = is_unit_4, .loses_records = true});
  const RunResult result = bench.run(fake_request());
  const FakeLaunch& last = bench.device.launches.back();
  EXPECT_EQ(last.runs, 1U);
  EXPECT_EQ(last.units, 1U);
  ASSERT_EQ(result.units[1].result.records.size(), 1U);
  EXPECT_EQ(result.units[1].result.records[0].word_index, MismatchRecord::kWholeDigest) << "it lost them again";
}

TEST(DeviceFrame, UnitThatIsNeverReachedIsInconclusive) {
  Bench bench({.unreached = is_unit_4});
  const RunResult result = bench.run(fake_request());
  EXPECT_EQ(result.units[0].result.outcome, Outcome::kMatch);
  EXPECT_EQ(result.units[1].result.outcome, Outcome::kInconclusive);
  EXPECT_EQ(result.units[1].result.reason, Inconclusive::kStopped);
  EXPECT_THAT(result.detail, HasSubstr("unit 4"));
  EXPECT_LE(bench.device.launches.size(), 12U) << "relaunches are bounded";
}

TEST(DeviceFrame, UnitOutOfReachIsNotAskedForAgainAndNotOwed) {
  Bench bench({.out_of_reach = is_unit_4});
  const RunResult result = bench.run(fake_request());
  EXPECT_EQ(result.units[0].result.outcome, Outcome::kMatch);
  EXPECT_EQ(result.units[1].result.outcome, Outcome::kInconclusive);
  EXPECT_EQ(result.units[1].result.reason, Inconclusive::kUnsupported);
  EXPECT_EQ(result.detail, "unit 4: out of reach: its share is small");
  for (size_t launch = 1; launch < bench.device.launches.size(); ++launch) EXPECT_EQ(bench.device.launches[launch].units, bench.device.launches[0].units - 1);
}

TEST(DeviceFrame, UnitThatIsReachedLaterIsMeasured) {
  Bench bench({.unreached = [](uint32_t unit, uint32_t launch) { return unit == 4 && launch < 3; }});
  const RunResult result = bench.run(fake_request());
  EXPECT_EQ(result.units[1].result.outcome, Outcome::kMatch);
  EXPECT_EQ(result.units[1].result.runs, 3U);
}

TEST(DeviceFrame, TeamThatMovedBlamesNobody) {
  Bench bench({.wrong = is_unit_4, .moved = is_unit_4});
  const RunResult result = bench.run(fake_request());
  EXPECT_EQ(result.units[1].result.outcome, Outcome::kInconclusive);
  EXPECT_EQ(result.units[1].result.reason, Inconclusive::kMigrated);
}

TEST(DeviceFrame, WordsLeftUnwrittenAreNoMismatch) {
  Bench bench({.unwritten = is_unit_4});
  const RunResult result = bench.run(fake_request());
  EXPECT_EQ(result.units[1].result.outcome, Outcome::kInconclusive);
  EXPECT_EQ(result.units[1].result.reason, Inconclusive::kNotExecuted);
  EXPECT_THAT(result.detail, HasSubstr("unwritten"));
  EXPECT_EQ(result.units[0].result.outcome, Outcome::kMatch);
}

TEST(DeviceFrame, ComparatorThatMissesAWrongRunIsToldAndTheMismatchStands) {
  Bench bench({.wrong = is_unit_4, .claims_wrong = 0});
  const RunResult result = bench.run(fake_request());
  EXPECT_EQ(result.units[1].result.outcome, Outcome::kMismatch);
  EXPECT_THAT(result.detail, HasSubstr("its own comparison found 0"));
}

TEST(DeviceFrame, ComparatorThatAccusesARightRunIsNoPass) {
  Bench bench({.claims_wrong = 1});
  const RunResult result = bench.run(fake_request());
  for (const auto& unit : result.units) {
    EXPECT_EQ(unit.result.outcome, Outcome::kInconclusive);
    EXPECT_EQ(unit.result.reason, Inconclusive::kRunnerError);
  }
  EXPECT_THAT(result.detail, HasSubstr("its own comparison found 1"));
}

TEST(DeviceFrame, ExpectedWordReadWrongPointsToMemory) {
  Bench bench({.misreads_expected = true});
  const RunResult result = bench.run(fake_request());
  EXPECT_EQ(result.units[0].result.reason, Inconclusive::kRunnerError);
  EXPECT_THAT(result.detail, HasSubstr("memory"));
}

TEST(DeviceFrame, LostDeviceIsACrashAndEndsTheRunner) {
  Bench bench({.error = [](uint32_t launch) -> std::optional<Error> {
    if (launch == 0) return std::nullopt;
    return make_error(ErrorCode::kUnavailable, "fallen off the bus");
  }});
  const RunResult result = bench.run(fake_request());
  for (const auto& unit : result.units) EXPECT_EQ(unit.result.reason, Inconclusive::kCrash) << "not even runs before it pass";
  EXPECT_EQ(result.detail, "fallen off the bus");
  EXPECT_TRUE(bench.frame.is_lost());
  EXPECT_TRUE(probes::decode_result(probes::encode(result)).ok());
}

TEST(DeviceFrame, MismatchBeforeTheDeviceWasLostStands) {
  Bench bench({.wrong = is_unit_4, .error = [](uint32_t launch) -> std::optional<Error> {
    if (launch == 0) return std::nullopt;
    return make_error(ErrorCode::kUnavailable, "gone");
  }});
  const RunResult result = bench.run(fake_request());
  EXPECT_EQ(result.units[0].result.reason, Inconclusive::kCrash);
  EXPECT_EQ(result.units[1].result.outcome, Outcome::kMismatch);
}

struct ErrorCase {
  ErrorCode code;
  Inconclusive reason;
};

TEST(DeviceFrame, ErrorsOfTheDeviceHaveTheirReasons) {
  for (const ErrorCase& one : {ErrorCase{ErrorCode::kLimit, Inconclusive::kNoMemory}, ErrorCase{ErrorCode::kConflict, Inconclusive::kStopped},
                               ErrorCase{ErrorCode::kInternal, Inconclusive::kRunnerError}, ErrorCase{ErrorCode::kUnsupported, Inconclusive::kUnsupported},
                               ErrorCase{ErrorCode::kTimeout, Inconclusive::kHang}}) {
    Bench bench({.error = [&](uint32_t) { return std::optional(make_error(one.code, "in words")); }});
    const RunResult result = bench.run(fake_request());
    EXPECT_EQ(result.units[0].result.reason, one.reason) << to_string(one.code);
    EXPECT_EQ(result.detail, "in words");
    EXPECT_FALSE(bench.frame.is_lost());
  }
}

TEST(DeviceFrame, ShortMemoryLeavesWhatWasComplete) {
  Bench bench({.error = [](uint32_t launch) -> std::optional<Error> {
    if (launch == 0) return std::nullopt;
    return make_error(ErrorCode::kLimit, "no memory");
  }});
  const RunResult result = bench.run(fake_request());
  EXPECT_EQ(result.units[0].result.outcome, Outcome::kMatch);
  EXPECT_EQ(result.units[0].result.runs, 1U);
}

TEST(DeviceFrame, AnswerToAnotherJobIsNoPass) {
  Bench bench({.answers_nonsense = true});
  EXPECT_EQ(bench.run(fake_request()).units[0].result.reason, Inconclusive::kRunnerError);
}

TEST(DeviceFrame, GoldensThatChangedAccuseNobody) {
  RunRequest request = fake_request();
  Bench bench({.before_run = [&] { request.goldens[8].low = 1; }});
  const RunResult result = bench.run(request);
  EXPECT_FALSE(result.golden_rehash_ok);
  EXPECT_EQ(result.units[1].result.reason, Inconclusive::kGoldenCorrupt);
  EXPECT_TRUE(result.units[1].result.records.empty());
  EXPECT_EQ(result.units[0].result.reason, Inconclusive::kRunnerError) << "nobody asked for what passed";
}

TEST(DeviceFrame, RefusesWhatItCannotDo) {
  Bench bench;
  RunRequest request = fake_request();
  request.golden_hash.low ^= 1;
  EXPECT_EQ(bench.run(request).units[0].result.reason, Inconclusive::kGoldenCorrupt);
  request = fake_request();
  request.variant = "wgmma";
  EXPECT_THAT(bench.run(request).detail, HasSubstr("no wgmma variant"));
  request = fake_request();
  request.probe.id = "sort.int64";
  request.goldens.clear();
  EXPECT_EQ(bench.run(request).units[0].result.reason, Inconclusive::kUnsupported);
  request = fake_request();
  request.cpus.push_back(kFakeUnits);
  EXPECT_THAT(bench.run(request).detail, HasSubstr("discover it again"));
  EXPECT_TRUE(bench.device.launches.empty());
}

TEST(DeviceFrame, WithoutGoldensNothingIsJudged) {
  Bench bench;
  RunRequest request = fake_request();
  request.goldens.clear();
  request.golden_hash = {};
  const RunResult result = bench.run(request);
  EXPECT_EQ(result.units[0].result.reason, Inconclusive::kNoGolden);
  EXPECT_EQ(result.units[0].result.runs, 3U);
}

TEST(DeviceFrame, DrillNeedsPermission) {
  Bench bench;
  const RunResult refused = bench.run(drill(FaultShape::kBitFlip, 4));
  EXPECT_EQ(refused.units[0].result.reason, Inconclusive::kRunnerError);
  EXPECT_THAT(refused.detail, HasSubstr("--allow-injection"));
  Bench allowed({}, drills_allowed());
  const RunResult result = allowed.run(drill(FaultShape::kBitFlip, 4));
  EXPECT_EQ(result.units[0].result.outcome, Outcome::kMatch);
  EXPECT_EQ(result.units[1].result.outcome, Outcome::kMismatch);
  EXPECT_EQ(result.units[1].result.mismatches, 3U);
  EXPECT_EQ(result.synthetic, Synthetic::kDrill);
}

TEST(DeviceFrame, FaultIsDrawnAsTheHostDrawsIt) {
  Bench bench({}, drills_allowed());
  RunRequest request = drill(FaultShape::kMultiBit, 4);
  request.injection.probability = 0.5;
  request.max_runs = 40;
  const RunResult result = bench.run(request);
  const auto reach = probes::FaultReach::kOutputsAndState;
  const probes::PlantedFault fault = probes::draw_fault(request.injection, reach);
  EXPECT_EQ(bench.device.launches[0].injection.place, fault.place);
  EXPECT_EQ(bench.device.launches[0].injection.mask, fault.mask);
  uint32_t hits = 0;
  for (uint32_t run = 0; run < 40; ++run) hits += probes::is_hit(request.injection, reach, run) ? 1 : 0;
  EXPECT_EQ(result.units[1].result.mismatches, hits) << "the same runs are hit, whatever launch they are in";
}

TEST(DeviceFrame, ControlHitsTheFirstRunAloneAndIsSeen) {
  Bench bench;
  RunRequest request = fake_request();
  request.synthetic = Synthetic::kControl;
  request.work = {{4, 0}};
  const RunResult result = bench.run(request);
  EXPECT_EQ(result.units[0].result.outcome, Outcome::kMismatch);
  EXPECT_EQ(result.units[0].result.mismatches, 1U);
  EXPECT_EQ(result.units[0].result.runs, 3U);
}

TEST(DeviceFrame, BlindComparatorPassesAWrongFold) {
  Bench bench({}, drills_allowed());
  const RunResult healthy = bench.run(fake_request());
  const RunResult result = bench.run(drill(FaultShape::kBlindComparator, 4));
  EXPECT_EQ(result.units[1].result.outcome, Outcome::kMatch) << "as planted: the collector has to find it";
  EXPECT_NE(result.units[1].result.fold, healthy.units[1].result.fold);
}

TEST(DeviceFrame, SliceEndsWithItsBudget) {
  Bench bench({.run_time = std::chrono::milliseconds{2}});
  RunRequest request = fake_request();
  request.max_runs = 0;
  request.budget = std::chrono::milliseconds{60};
  const RunResult result = bench.run(request);
  EXPECT_EQ(result.units[0].result.outcome, Outcome::kMatch);
  EXPECT_GT(result.units[0].result.runs, 5U);
  EXPECT_GT(bench.device.launches.size(), 3U) << "launches are short";
  for (const FakeLaunch& launch : bench.device.launches) EXPECT_LE(launch.runs, 8U);
}

TEST(DeviceFrame, StopEndsItAfterTheLaunch) {
  std::atomic<bool> stop{false};
  Bench bench({.before_run = [&] { stop = true; }});
  RunRequest request = fake_request();
  request.max_runs = 0;
  const RunResult result = bench.run(request, stop);
  EXPECT_EQ(bench.device.launches.size(), 1U);
  EXPECT_EQ(result.units[0].result.outcome, Outcome::kMatch);
}

TEST(DeviceFrame, StepsOfPowerAreHonoured) {
  Bench bench({.run_time = std::chrono::milliseconds{1}});
  RunRequest request = fake_request();
  request.max_runs = 0;
  request.budget = std::chrono::milliseconds{80};
  request.power_steps = {std::chrono::milliseconds{20}, std::chrono::milliseconds{20}};
  const RunResult stepped = bench.run(request);
  request.power_steps = {};
  const RunResult whole = bench.run(request);
  EXPECT_EQ(stepped.units[0].result.outcome, Outcome::kMatch);
  EXPECT_LT(stepped.units[0].result.runs, whole.units[0].result.runs);
}

TEST(DeviceFrame, SetsThatDoNotFitAtOnceGoInSeveralLaunches) {
  DeviceFrameOptions options;
  options.job_bytes = 2048;  // two sets
  Bench bench({}, options);
  RunRequest request = fake_request();
  request.max_runs = 8;
  request.work = {{0, 0}, {1, 10}, {2, 20}, {3, 30}, {4, 40}, {5, 50}};
  const RunResult result = bench.run(request);
  for (const auto& unit : result.units) {
    EXPECT_EQ(unit.result.outcome, Outcome::kMatch);
    EXPECT_EQ(unit.result.runs, 8U);
  }
  for (const FakeLaunch& launch : bench.device.launches) EXPECT_LE(launch.units * launch.runs, 2U);
}

TEST(DeviceFrame, OperandsAreKeptBetweenSlices) {
  Bench bench;
  bench.run(fake_request());
  const uint32_t made = bench.device.operands_made;
  bench.run(fake_request());
  EXPECT_EQ(bench.device.operands_made, made);
}

}  // namespace
}  // namespace assay::test
