// SPDX-License-Identifier: Apache-2.0
#include "agent/core/rotation.h"

#include <gtest/gtest.h>

#include <map>

#include "tests/unit/agent/core_fixture.h"

namespace assay::agent {
namespace {

using namespace test;

TEST(Rotation, SharesTurnsByWeightWithAFifthForExploration) {
  const auto probes = three_probes();
  Coverage coverage(probes, 2, at(0s));
  Rotation rotation(probes, 2, 1, 42);
  std::map<size_t, int> weighted;
  int explored = 0;
  for (int i = 0; i < 3500; ++i) {
    const auto turn = rotation.next(coverage, at(std::chrono::seconds(i)).mono);
    ASSERT_TRUE(turn);
    coverage.covered({turn->probe, turn->units.front()}, at(std::chrono::seconds(i)));
    if (turn->purpose == Purpose::kExploration) {
      ++explored;
    } else {
      ++weighted[turn->probe];
    }
  }
  EXPECT_EQ(explored, 700);
  EXPECT_EQ(weighted[0], 1600);
  EXPECT_EQ(weighted[1], 800);
  EXPECT_EQ(weighted[2], 400);
}

TEST(Rotation, SpreadsAHeavyProbeInsteadOfBunchingIt) {
  const auto probes = three_probes();
  const Coverage coverage(probes, 1, at(0s));
  Rotation rotation(probes, 1, 1, 1);
  int in_a_row = 0;
  int longest = 0;
  for (int i = 0; i < 700; ++i) {
    const auto turn = rotation.next(coverage, at(0s).mono);
    if (turn->purpose == Purpose::kExploration) continue;
    in_a_row = turn->probe == 0 ? in_a_row + 1 : 0;
    longest = std::max(longest, in_a_row);
  }
  EXPECT_LE(longest, 2);  // weights 4, 2, 1: never three in a row
}

TEST(Rotation, GoesRoundEveryGroupOfUnits) {
  const auto probes = three_probes();
  Coverage coverage(probes, 10, at(0s));
  Rotation rotation(probes, 10, 4, 9);
  std::map<uint32_t, int> visits;
  for (int i = 0; i < 210; ++i) {
    const auto turn = rotation.next(coverage, at(std::chrono::seconds(i)).mono);
    EXPECT_LE(turn->units.size(), 4U);
    for (const uint32_t unit : turn->units) {
      ++visits[unit];
      coverage.covered({turn->probe, unit}, at(std::chrono::seconds(i)));
    }
  }
  EXPECT_EQ(visits.size(), 10U);
  for (const auto& [unit, count] : visits) EXPECT_GT(count, 40) << unit;
}

TEST(Rotation, PassesOverUnsupportedCells) {
  const auto probes = three_probes();
  Coverage coverage(probes, 2, at(0s));
  coverage.unsupported({0, 0}, at(0s));
  coverage.unsupported({0, 1}, at(0s));
  coverage.unsupported({1, 0}, at(0s));
  Rotation rotation(probes, 2, 2, 3);
  for (int i = 0; i < 100; ++i) {
    const auto turn = rotation.next(coverage, at(1s).mono);
    ASSERT_TRUE(turn);
    EXPECT_NE(turn->probe, 0U);
    if (turn->probe == 1) {
      EXPECT_EQ(turn->units, std::vector<uint32_t>{1});
    }
  }
  for (size_t probe = 0; probe < 3; ++probe) {
    for (uint32_t unit = 0; unit < 2; ++unit) coverage.unsupported({probe, unit}, at(0s));
  }
  EXPECT_FALSE(rotation.next(coverage, at(1s).mono));
}

TEST(Rotation, TheStrongestVariantHasHalfTheTurnsOfItsProbeAndTheOthersShareTheRest) {
  auto probes = three_probes();
  probes.resize(1);
  std::vector<probes::ProbeVariant> offered;
  for (const char* name : {"avx512", "avx2", "sse", "scalar"}) offered.push_back({"cpu-test", "alpha.one", name, "", "", true});
  const auto variants = std::make_shared<const VariantTable>(probes, offered);
  Coverage coverage(probes, 3, at(0s), variants);
  Rotation rotation(probes, 3, 1, 7, variants);
  std::map<uint32_t, int> turns;
  std::map<std::pair<uint32_t, uint32_t>, int> cells;
  for (int i = 0; i < 750; ++i) {
    const auto turn = rotation.next(coverage, at(std::chrono::seconds(i)).mono);
    ASSERT_TRUE(turn);
    coverage.covered({0, turn->units.front(), turn->variant}, at(std::chrono::seconds(i)));
    if (turn->purpose == Purpose::kExploration) continue;
    ++turns[turn->variant];
    ++cells[{turn->variant, turn->units.front()}];
  }
  EXPECT_EQ(turns[0], 300);
  for (uint32_t variant = 1; variant < 4; ++variant) EXPECT_EQ(turns[variant], 100) << variant;
  EXPECT_EQ(cells.size(), 12U) << "each variant goes round all units by itself";
  for (const auto& [cell, count] : cells) EXPECT_NEAR(count, cell.first == 0 ? 100 : 33, 1);
}

TEST(Rotation, AVariantThatDoesNotRunGivesItsTurnsToTheOthers) {
  auto probes = three_probes();
  probes.resize(1);
  const Variants variants = variants_of(probes);
  Coverage coverage(probes, 2, at(0s), variants);
  for (uint32_t unit = 0; unit < 2; ++unit) coverage.unsupported({0, unit, 0}, at(0s));
  Rotation rotation(probes, 2, 1, 7, variants);
  for (int i = 0; i < 20; ++i) {
    const auto turn = rotation.next(coverage, at(1s).mono);
    ASSERT_TRUE(turn);
    EXPECT_EQ(turn->variant, 1U);
  }
}

TEST(Rotation, EveryOtherExplorationSeeksWhatWasNotMeasuredInThePresentCondition) {
  const auto probes = three_probes();
  Coverage coverage(probes, 2, at(0s));
  Rotation rotation(probes, 2, 1, 3);
  // All were measured cold, {2, 1} first; hot, only {0, 0} never was.
  for (uint32_t i = 0; i < 6; ++i) {
    const Cell cell{i / 2, i % 2};
    coverage.covered(cell, at(std::chrono::seconds(20 - i)), ConditionBin::kCold);
    if (i > 0) coverage.covered(cell, at(std::chrono::seconds(30 - i)), ConditionBin::kHot);
  }
  std::vector<Cell> explored;
  for (int i = 0; i < 20; ++i) {
    const auto turn = rotation.next(coverage, at(60s).mono, ConditionBin::kHot);
    if (turn->purpose == Purpose::kExploration) explored.push_back({turn->probe, turn->units.front()});
  }
  ASSERT_EQ(explored.size(), 4U);
  const Cell oldest{0, 0};
  const Cell never_hot{0, 0};
  EXPECT_EQ(explored[0], oldest);
  EXPECT_EQ(explored[1], never_hot);
  coverage.covered({0, 0}, at(61s), ConditionBin::kCold);
  explored.clear();
  for (int i = 0; i < 10; ++i) {
    const auto turn = rotation.next(coverage, at(62s).mono, ConditionBin::kHot);
    if (turn->purpose == Purpose::kExploration) explored.push_back({turn->probe, turn->units.front()});
  }
  EXPECT_EQ(explored[0], (Cell{2, 1})) << "the oldest of all";
  EXPECT_EQ(explored[1], never_hot) << "measured a second ago, but cold";
}

TEST(Rotation, DevicesBeginAtDifferentPlaces) {
  const auto probes = three_probes();
  const Coverage coverage(probes, 64, at(0s));
  std::map<uint32_t, int> first_units;
  for (uint64_t seed = 0; seed < 64; ++seed) {
    Rotation rotation(probes, 64, 1, seed * 7919);
    ++first_units[rotation.next(coverage, at(0s).mono)->units.front()];
  }
  EXPECT_GT(first_units.size(), 30U);
}

}  // namespace
}  // namespace assay::agent
