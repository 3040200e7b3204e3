// SPDX-License-Identifier: Apache-2.0
#include "common/model/blame.h"

#include <gtest/gtest.h>

namespace assay {
namespace {

EvidenceStep step(Rung rung, uint32_t unit, uint32_t runs, uint32_t mismatches) {
  EvidenceStep made;
  made.rung = rung;
  made.unit = unit;
  made.runs = runs;
  made.mismatches = mismatches;
  return made;
}

TEST(BlameTable, OneUnitThatFailsAmongHealthyOnes) {
  const BlameTable table = blame_table({step(Rung::kFirstSight, 3, 1, 1), step(Rung::kRehashGolden, 3, 0, 0), step(Rung::kReread, 3, 1, 1),
                                        step(Rung::kSameUnit, 3, 10, 10), step(Rung::kOtherUnits, 0, 10, 0), step(Rung::kOtherUnits, 1, 10, 0),
                                        step(Rung::kOtherUnits, 2, 10, 0), step(Rung::kOtherOperands, 3, 8, 2)});
  ASSERT_EQ(table.cells.size(), 5U);
  EXPECT_EQ(table.cells[0], (BlameCell{BlameRow::kUnit, 3, true, {10, 10}})) << "the first sight and the reading again do not count";
  EXPECT_EQ(table.cells[1], (BlameCell{BlameRow::kUnit, 3, false, {2, 8}}));
  EXPECT_EQ(table.cells[2], (BlameCell{BlameRow::kOtherUnit, 0, true, {0, 10}}));
  ASSERT_TRUE(table.p_everywhere && table.p_any_operands);
  EXPECT_NEAR(*table.p_everywhere, 1.0 / 847660528.0, 1e-15) << "one choice of 10 in 40";
  EXPECT_NEAR(*table.p_any_operands, 28.0 / 18564.0, 1e-9) << "C(8,2) of C(18,12)";
}

TEST(BlameTable, WhatFailsEverywhereBlamesNoUnit) {
  const BlameTable table = blame_table({step(Rung::kSameUnit, 1, 10, 10), step(Rung::kOtherUnits, 0, 10, 10), step(Rung::kPeerDevice, 7, 4, 4)});
  EXPECT_NEAR(table.p_everywhere.value(), 1.0, 1e-12);
  EXPECT_FALSE(table.p_any_operands.has_value());
  EXPECT_EQ(table.cells.back(), (BlameCell{BlameRow::kPeerDevice, 0, true, {4, 4}}));
}

TEST(BlameTable, RepeatedStepsAddUpAndStepsWithoutRunsAreNone) {
  const BlameTable table = blame_table({step(Rung::kSameUnit, 1, 10, 0), step(Rung::kSameUnit, 1, 10, 1), step(Rung::kOtherUnits, 0, 0, 0)});
  ASSERT_EQ(table.cells.size(), 1U);
  EXPECT_EQ(table.cells[0].wrong, (Counts{1, 20}));
  EXPECT_FALSE(table.p_everywhere.has_value());
  EXPECT_TRUE(blame_table({}).cells.empty());
  EXPECT_TRUE(blame_table({step(Rung::kSameUnit, 1, 2, 3)}).cells.empty()) << "nonsense from outside is no evidence";
}

}  // namespace
}  // namespace assay
