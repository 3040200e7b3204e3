// SPDX-License-Identifier: Apache-2.0
#include "agent/core/run_lengths.h"

#include <gtest/gtest.h>

#include "common/model/limits.h"
#include "tests/unit/agent/core_fixture.h"

namespace assay::agent {
namespace {

using namespace test;

SliceResult slice_of(uint32_t runs, Duration busy, Inconclusive reason = Inconclusive::kNone) {
  SliceResult result;
  UnitResult unit;
  unit.runs = runs;
  unit.busy = busy;
  unit.reason = reason;
  unit.outcome = reason == Inconclusive::kNone ? Outcome::kMatch : Outcome::kInconclusive;
  result.observation.units = {unit};
  return result;
}

TEST(RunLengths, LearnsTheTimeOfARunAndFollowsItSlowly) {
  RunLengths lengths(2);
  EXPECT_FALSE(lengths.run_seconds(1));
  lengths.take(1, slice_of(10, 50ms));
  EXPECT_DOUBLE_EQ(*lengths.run_seconds(1), 0.005);
  lengths.take(1, slice_of(1, 21ms));
  EXPECT_DOUBLE_EQ(*lengths.run_seconds(1), 0.007) << "an eighth of the way";
  EXPECT_FALSE(lengths.run_seconds(0)) << "lanes are apart";
}

TEST(RunLengths, WhatDidNotFitGetsTwiceTheTimeAndNotWithoutEnd) {
  RunLengths lengths(1);
  for (int i = 0; i < 10; ++i) lengths.take(0, slice_of(0, 50ms, Inconclusive::kStopped));
  EXPECT_EQ(lengths.doublings(0), limits::kSliceDoublingsMax);
  EXPECT_FALSE(lengths.run_seconds(0)) << "nothing ran, so nothing is known";
  lengths.take(0, slice_of(5, 50ms));
  EXPECT_EQ(lengths.doublings(0), limits::kSliceDoublingsMax - 1);
}

TEST(RunLengths, ComeBackByProbeAndVariantAndLeaveOutWhatIsGone) {
  const auto probes = three_probes();
  const VariantTable two(probes, two_variants());
  RunLengths before(two.lanes());
  before.take(two.lane(0, 1), slice_of(10, 100ms));
  before.take(two.lane(2, 0), slice_of(0, 50ms, Inconclusive::kStopped));
  const std::string bytes = before.save(probes, two);

  std::vector<probes::ProbeVariant> other_order = two_variants();
  std::swap(other_order[0], other_order[1]);
  const VariantTable now(probes, other_order);
  RunLengths after(now.lanes());
  ASSERT_TRUE(after.restore(bytes, probes, now).ok());
  EXPECT_DOUBLE_EQ(*after.run_seconds(*now.find(0, "narrow")), 0.01);
  EXPECT_FALSE(after.run_seconds(now.lane(0, *now.find(0, "wide"))));
  EXPECT_EQ(after.doublings(now.lane(2, 0)), 1);

  EXPECT_EQ(after.restore(bytes.substr(0, bytes.size() - 1), probes, now).error().code, ErrorCode::kCorrupt);
  EXPECT_DOUBLE_EQ(*after.run_seconds(*now.find(0, "narrow")), 0.01) << "what does not read back changes nothing";
}

}  // namespace
}  // namespace assay::agent
