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
