// SPDX-License-Identifier: Apache-2.0
// Planted faults through the whole frame: which requests are honoured, and that none of them passes for a match.
#include "probes/backend/host/frame.h"
#include "tests/unit/runner/fake_kernels.h"

namespace assay::test {
namespace {

using probes::RunRequest;
using probes::RunResult;

RunRequest planted(const FakeKernels& kernels, Synthetic synthetic, FaultShape shape, uint64_t seed = 2) {
  RunRequest request = kernels.request(2);
  request.synthetic = synthetic;
  request.injection.shape = shape;
  request.injection.seed = seed;
  request.injection.step = 1;
  return request;
}

constexpr FaultShape kSilentShapes[] = {FaultShape::kBitFlip,      FaultShape::kMultiBit,     FaultShape::kZero,    FaultShape::kDroppedWrite, FaultShape::kStaleTile,
                                        FaultShape::kLanePeriodic, FaultShape::kSameMaskPair, FaultShape::kStuckAt};

TEST(Injection, EveryShapeIsSeenOnTheUnitItHitsAndNowhereElse) {
  const FakeKernels kernels{FakePlan{}};
  for (const FaultShape shape : kSilentShapes) {
    for (uint64_t seed = 0; seed < 32; ++seed) {
      const RunResult result = run(kernels, planted(kernels, Synthetic::kDrill, shape, seed), true);
      EXPECT_NE(result.units[0].result.outcome, Outcome::kMatch) << to_string(shape) << " seed " << seed;
      EXPECT_EQ(result.synthetic, Synthetic::kDrill);
      if (result.units.size() > 1) {
        EXPECT_EQ(result.units[1].result.outcome, Outcome::kMatch) << to_string(shape);
      }
    }
  }
}

TEST(Injection, ADroppedWriteIsNotExecuted) {
  const FakeKernels kernels{FakePlan{}};
  const RunResult result = run(kernels, planted(kernels, Synthetic::kDrill, FaultShape::kDroppedWrite), true);
  EXPECT_EQ(result.units[0].result.reason, Inconclusive::kNotExecuted);
}

TEST(Injection, ABlindComparatorSaysMatchButItsDigestTellsTheTruth) {
  const FakeKernels kernels{FakePlan{}};
  RunRequest request = planted(kernels, Synthetic::kDrill, FaultShape::kBlindComparator);
  const UnitResult blind = run(kernels, request, true).units[0].result;
  EXPECT_EQ(blind.outcome, Outcome::kMatch);
  EXPECT_EQ(blind.mismatches, 0U);
  RunFold fold;
  fold.add(0, request.goldens[0]);
  EXPECT_NE(blind.fold, fold.value());
}

TEST(Injection, ADrillIsRefusedWithoutTheSwitch) {
  const FakeKernels kernels{FakePlan{}};
  const RunResult result = run(kernels, planted(kernels, Synthetic::kDrill, FaultShape::kBitFlip));
  EXPECT_THAT(result.detail, testing::HasSubstr("--allow-injection"));
  for (const auto& unit : result.units) {
    EXPECT_EQ(unit.result.outcome, Outcome::kInconclusive);
    EXPECT_EQ(unit.result.reason, Inconclusive::kRunnerError);
    EXPECT_EQ(unit.result.runs, 0U);
  }
}

TEST(Injection, AnUnmarkedInjectionIsRefusedEvenWithTheSwitch) {
  const FakeKernels kernels{FakePlan{}};
  const RunResult result = run(kernels, planted(kernels, Synthetic::kNone, FaultShape::kBitFlip), true);
  EXPECT_EQ(result.units[0].result.reason, Inconclusive::kRunnerError);
}

TEST(Injection, AControlNeedsNoSwitchAndIsAlwaysSeen) {
  const FakeKernels kernels{FakePlan{}};
  for (uint64_t seed = 0; seed < 64; ++seed) {
    RunRequest request = planted(kernels, Synthetic::kControl, FaultShape::kBitFlip, seed);
    request.max_runs = 4;
    request.injection.probability = 0;  // a control is not left to chance
    const RunResult result = run(kernels, request);
    EXPECT_EQ(result.synthetic, Synthetic::kControl);
    EXPECT_EQ(result.units[0].result.outcome, Outcome::kMismatch);
    EXPECT_EQ(result.units[0].result.mismatches, 1U) << "one result is spoilt, not all";
  }
}

TEST(Injection, AControlWithoutAShapeFlipsABitOnTheFirstUnit) {
  const FakeKernels kernels{FakePlan{}};
  RunRequest request = kernels.request(2);
  request.synthetic = Synthetic::kControl;
  const RunResult result = run(kernels, request);
  EXPECT_EQ(result.units[0].result.outcome, Outcome::kMismatch);
  if (result.units.size() > 1) {
        EXPECT_EQ(result.units[1].result.outcome, Outcome::kMatch);
      }
}

TEST(Injection, AControlThatCouldNotBeSeenIsRefused) {
  const FakeKernels kernels{FakePlan{}};
  for (const FaultShape shape : {FaultShape::kHang, FaultShape::kCrash, FaultShape::kBlindComparator, FaultShape::kZero}) {
    EXPECT_EQ(run(kernels, planted(kernels, Synthetic::kControl, shape)).units[0].result.reason, Inconclusive::kRunnerError);
  }
  RunRequest elsewhere = planted(kernels, Synthetic::kControl, FaultShape::kBitFlip);
  elsewhere.injection.unit = 1000;
  EXPECT_THAT(run(kernels, elsewhere).detail, testing::HasSubstr("unit 1000"));
}

TEST(Injection, AnUnlikelyFaultHitsSomeRunsOnly) {
  const FakeKernels kernels{FakePlan{}};
  RunRequest request = planted(kernels, Synthetic::kDrill, FaultShape::kBitFlip);
  request.max_runs = 400;
  request.injection.probability = 0.25;
  const UnitResult unit = run(kernels, request, true).units[0].result;
  EXPECT_GT(unit.mismatches, 50U);
  EXPECT_LT(unit.mismatches, 150U);
}

TEST(Injection, ADrillWithoutAShapeOnlyMarksTheResult) {
  const FakeKernels kernels{FakePlan{}};
  RunRequest request = kernels.request();
  request.synthetic = Synthetic::kDrill;
  const RunResult result = run(kernels, request);
  EXPECT_EQ(result.synthetic, Synthetic::kDrill);
  EXPECT_EQ(result.units[0].result.outcome, Outcome::kMatch);
}

}  // namespace
}  // namespace assay::test
