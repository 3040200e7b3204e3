// SPDX-License-Identifier: Apache-2.0
#include "agent/core/coverage.h"

#include <gtest/gtest.h>

#include "tests/unit/agent/core_fixture.h"

namespace assay::agent {
namespace {

using namespace test;

TEST(Coverage, ACellNeverCoveredIsAsOldAsTheFirstStart) {
  const auto probes = three_probes();
  const Coverage coverage(probes, 2, at(0s));
  EXPECT_EQ(coverage.oldest_age(at(90s)), 90s);
  EXPECT_EQ(coverage.cells(), 6U);
  EXPECT_EQ(coverage.cells_covered(), 0U);
}

TEST(Coverage, FindsTheCellCoveredLongestAgo) {
  const auto probes = three_probes();
  Coverage coverage(probes, 2, at(0s));
  for (uint32_t i = 0; i < 6; ++i) coverage.covered({i / 2, i % 2}, at(std::chrono::seconds(10 + (i * 5) % 6)));
  EXPECT_EQ(coverage.oldest(3, at(60s).mono), (Cell{0, 0}));
  EXPECT_EQ(coverage.oldest_age(at(60s)), 50s);
  coverage.covered({0, 0}, at(60s));
  EXPECT_EQ(coverage.oldest(3, at(60s).mono), (Cell{2, 1}));
}

TEST(Coverage, UnsupportedCellsAreSetApartAndTriedAgainAfterADay) {
  const auto probes = three_probes();
  Coverage coverage(probes, 1, at(0s));
  coverage.unsupported({0, 0}, at(1s));
  EXPECT_EQ(coverage.cells(), 2U);
  EXPECT_EQ(coverage.cells_unsupported(), 1U);
  EXPECT_NE(coverage.oldest(0, at(2s).mono), (Cell{0, 0}));
  EXPECT_TRUE(coverage.is_unsupported({0, 0}, at(23h).mono));
  EXPECT_FALSE(coverage.is_unsupported({0, 0}, at(25h).mono));
}

TEST(Coverage, SurvivesARestartWithAgesAndCursors) {
  const auto probes = three_probes();
  Coverage before(probes, 2, at(0s));
  before.covered({1, 1}, at(100s));
  before.advance({1, 1}, 70);
  Coverage after(probes, 2, at(400s));  // a new process, five minutes later
  ASSERT_TRUE(after.restore(before.save(), at(400s)).ok());
  EXPECT_EQ(after.cursor({1, 1}), 70U % 64U);
  EXPECT_EQ(after.cells_covered(), 1U);
  EXPECT_EQ(after.oldest_age(at(400s)), 400s) << "the other cells count from the very first start";
  for (uint32_t i = 0; i < 6; ++i) {
    if (i != 3) after.covered({i / 2, i % 2}, at(400s));
  }
  EXPECT_EQ(after.oldest_age(at(400s)), 300s);
}

TEST(Coverage, AWallClockSetBackDoesNotMakeCellsYoungerThanNow) {
  const auto probes = three_probes();
  Coverage before(probes, 1, at(0s));
  before.covered({0, 0}, at(100s));
  Instant now = at(200s);
  now.wall -= 24h;
  Coverage after(probes, 1, now);
  ASSERT_TRUE(after.restore(before.save(), now).ok());
  EXPECT_GE(after.oldest_age(now), Duration::zero());
}

TEST(Coverage, KeepsWhatStillFitsWhenTheCatalogueChanges) {
  const auto probes = three_probes();
  Coverage before(probes, 4, at(0s));
  before.advance({2, 1}, 5);
  const std::vector<ProbeSpec> fewer{probes[2]};
  Coverage after(fewer, 2, at(10s));
  ASSERT_TRUE(after.restore(before.save(), at(10s)).ok());
  EXPECT_EQ(after.cursor({0, 1}), 5U);
}

TEST(Coverage, RefusesBytesThatAreNotItsOwn) {
  const auto probes = three_probes();
  Coverage coverage(probes, 2, at(0s));
  std::string bytes = coverage.save();
  EXPECT_EQ(coverage.restore("nonsense", at(1s)).error().code, ErrorCode::kCorrupt);
  EXPECT_FALSE(coverage.restore(bytes.substr(0, bytes.size() - 3), at(1s)).ok());
  EXPECT_FALSE(coverage.restore(bytes + "x", at(1s)).ok());
}

}  // namespace
}  // namespace assay::agent
