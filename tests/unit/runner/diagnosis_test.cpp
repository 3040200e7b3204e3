// SPDX-License-Identifier: Apache-2.0
// Mismatches of kernels that really compute wrong, without any injection.
#include "probes/backend/host/diagnosis.h"

#include "common/model/limits.h"
#include "tests/unit/runner/fake_kernels.h"

namespace assay::test {
namespace {

using probes::RunRequest;
using probes::RunResult;

class Diagnosis : public testing::Test {
 protected:
  void SetUp() override {
    if (probes::host::allowed_cpus().size() < 2) GTEST_SKIP() << "needs a second cpu to compute the right words on";
    bad_cpu_ = probes::host::allowed_cpus()[0];
  }

  // The unit on the first CPU gives a wrong word in step 2, for as many runs as `times` says.
  FakePlan broken_plan(int times = 1 << 20) {
    FakePlan plan;
    left_ = times;
    plan.is_broken = [this](uint32_t cpu, uint32_t step) { return cpu == bad_cpu_ && step == 2 && left_.fetch_sub(1) > 0; };
    return plan;
  }

  uint32_t bad_cpu_ = 0;
  std::atomic<int> left_{0};
};

TEST_F(Diagnosis, NamesTheWrongWordOfABrokenUnitAndClearsTheOther) {
  const FakeKernels kernels{broken_plan()};
  const RunResult result = run(kernels, kernels.request(2));
  EXPECT_TRUE(result.golden_rehash_ok);
  EXPECT_EQ(result.synthetic, Synthetic::kNone);
  EXPECT_EQ(result.units[1].result.outcome, Outcome::kMatch);
  const UnitResult& bad = result.units[0].result;
  EXPECT_EQ(bad.outcome, Outcome::kMismatch);
  EXPECT_EQ(bad.mismatches, 1U);
  ASSERT_EQ(bad.records.size(), 1U);
  const MismatchRecord& record = bad.records[0];
  EXPECT_EQ(record.step, 2U);
  EXPECT_EQ(record.word_index, kBrokenWord);
  EXPECT_EQ(record.lane, kBrokenWord % 4);
  EXPECT_EQ(record.mask(), kBrokenMask);
  EXPECT_EQ(record.reread, record.actual) << "wrong in memory as well";
  EXPECT_EQ(record.cpu_before, bad_cpu_);
  EXPECT_EQ(record.cpu_after, bad_cpu_);
}

TEST_F(Diagnosis, HasTheWrongWordsOfAFaultThatNeverComesBack) {
  const FakeKernels kernels{broken_plan(1)};
  RunRequest request = kernels.request();
  request.max_runs = 5;
  const RunResult result = run(kernels, request);
  const UnitResult& bad = result.units[0].result;
  EXPECT_EQ(bad.outcome, Outcome::kMismatch);
  EXPECT_EQ(bad.mismatches, 1U);
  EXPECT_EQ(bad.runs, 5U);
  ASSERT_EQ(bad.records.size(), 1U);
  EXPECT_EQ(bad.records[0].mask(), kBrokenMask);
}

TEST_F(Diagnosis, FindsTheStepOfAnOutputTooLargeToKeep) {
  FakePlan plan = broken_plan();
  plan.words = 384 * 1024;  // 4 steps of 3 MiB
  const FakeKernels kernels{plan};
  const RunResult result = run(kernels, kernels.request());
  ASSERT_EQ(result.units[0].result.records.size(), 1U);
  const MismatchRecord& record = result.units[0].result.records[0];
  EXPECT_EQ(record.step, 2U);
  EXPECT_EQ(record.word_index, kBrokenWord);
  EXPECT_EQ(record.mask(), kBrokenMask);
}

TEST_F(Diagnosis, NamesAtLeastTheStepWhenALargeOutputIsRightTheSecondTime) {
  FakePlan plan = broken_plan(1);
  plan.words = 384 * 1024;
  const FakeKernels kernels{plan};
  const RunResult result = run(kernels, kernels.request());
  ASSERT_EQ(result.units[0].result.records.size(), 1U);
  EXPECT_EQ(result.units[0].result.records[0].word_index, MismatchRecord::kWholeDigest);
  EXPECT_EQ(result.units[0].result.records[0].step, 2U);
}

TEST_F(Diagnosis, RecordsDigestsAloneWhenNoUnitReproducesTheGolden) {
  FakePlan plan;
  plan.is_broken = [](uint32_t, uint32_t step) { return step == 0; };
  const FakeKernels kernels{plan};
  const RunRequest request = kernels.request();
  const RunResult result = run(kernels, request);
  ASSERT_EQ(result.units[0].result.records.size(), 1U);
  const MismatchRecord& record = result.units[0].result.records[0];
  EXPECT_EQ(record.word_index, MismatchRecord::kWholeDigest);
  EXPECT_EQ(record.expected, request.goldens[0].low);
  EXPECT_NE(record.actual, record.expected);
}

TEST_F(Diagnosis, KeepsABoundedNumberOfRecords) {
  FakePlan plan;
  plan.words = 1024;
  const FakeKernels kernels{plan};
  RunRequest request = kernels.request();
  request.synthetic = Synthetic::kControl;
  request.injection.shape = FaultShape::kLanePeriodic;
  const RunResult result = run(kernels, request);
  const auto& records = result.units[0].result.records;
  ASSERT_EQ(records.size(), limits::kMismatchRecordsPerUnit);
  for (const MismatchRecord& record : records) {
    EXPECT_EQ(record.mask(), records[0].mask());
    EXPECT_EQ(record.word_index % 8, records[0].word_index % 8);
  }
}

}  // namespace
}  // namespace assay::test
